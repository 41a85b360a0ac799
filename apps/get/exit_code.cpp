#include "exit_code.hpp"

#include <string_view>

#include <braid/core/error.hpp>

#include "get_error.hpp"

namespace braid::get {

namespace {

bool has(std::string_view text, std::string_view piece) { return text.find(piece) != text.npos; }

/// The message of a lost connection ends with the system's reason in brackets, unless the peer just closed.
int code_of_loss(std::string_view message, bool head_came) {
  if (has(message, "the server reset the stream")) return http2_stream_failed;
  if (message.ends_with(")")) return receive_failed;
  return head_came ? partial_file : empty_reply;
}

/// Of the peer's certificate, or of what files there are on this side.
int code_of_tls(std::string_view message) {
  if (has(message, "pinned")) return bad_pin;
  if (has(message, "certificate authorities ")) return bad_ca_file;
  if (has(message, "revocation list ")) return bad_revocations;
  if (has(message, "ciphers ")) return bad_ciphers;
  if (has(message, "private key ") || has(message, "own certificate ")) return bad_own_certificate;
  return has(message, "certificate") ? bad_certificate : tls_failed;
}

int code_of_proxy(const proxy_error& failure) {
  const bool socks = has(failure.what(), "proxy socks");
  switch (failure.where()) {
    case proxy_error::stage::resolve:
      return proxy_resolve_failed;
    case proxy_error::stage::connect:
      return connect_failed;
    case proxy_error::stage::tls:
      return code_of_tls(failure.what());
    case proxy_error::stage::refused:
      return socks ? proxy_failed : connect_failed;
    case proxy_error::stage::handshake:
      break;
  }
  if (socks) return proxy_failed;
  if (has(failure.what(), "its answer is not HTTP")) return bad_argument;
  return has(failure.what(), "control characters") ? weird_reply : receive_failed;
}

}  // namespace

int exit_code_of(const std::exception_ptr& failure, bool head_came) {
  try {
    std::rethrow_exception(failure);
  } catch (const get_error& e) {
    return e.code();
  } catch (const invalid_url&) {
    return bad_url;
  } catch (const invalid_argument& e) {
    return has(e.what(), "SOCKS") || has(e.what(), "proxy socks") ? proxy_failed : usage;
  } catch (const timeout_error&) {
    return timed_out;
  } catch (const proxy_error& e) {
    return code_of_proxy(e);
  } catch (const resolve_error&) {
    return resolve_failed;
  } catch (const connect_error&) {
    return connect_failed;
  } catch (const tls_error& e) {
    return code_of_tls(e.what());
  } catch (const connection_lost& e) {
    return code_of_loss(e.what(), head_came);
  } catch (const decode_error&) {
    return bad_encoding;
  } catch (const redirect_error& e) {
    return has(e.what(), "more than") ? too_many_redirects : bad_url;
  } catch (const limit_error& e) {
    if (has(e.what(), "a line of the response") || has(e.what(), "header lines")) return too_large;
    return has(e.what(), "header")              ? receive_failed
           : head_came || has(e.what(), "body") ? file_too_large
                                                : receive_failed;
  } catch (const protocol_error& e) {
    if (has(e.what(), "not HTTP") || has(e.what(), "HTTP version")) return unsupported_scheme;
    if (has(e.what(), "the response claims HTTP/2")) return weird_reply;  // in an HTTP/1.1 head
    if (has(e.what(), "the response breaks the rules of HTTP/2")) return http2_stream_failed;
    if (has(e.what(), "HTTP/2")) return http2_failed;
    if (has(e.what(), "transfer coding")) return bad_encoding;
    return has(e.what(), "chunk in") ? receive_failed : weird_reply;
  } catch (const io_error&) {
    return bad_ca_file;
  } catch (...) {
    return usage;
  }
}

}  // namespace braid::get
