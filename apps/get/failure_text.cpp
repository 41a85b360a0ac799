#include "failure_text.hpp"

#include <string_view>

#include <braid/core/error.hpp>

namespace braid::get {

namespace {

/// Empty for a failure that is told in the library's words.
std::string words_for_proxy(const proxy_error& failure) {
  const std::string_view text = failure.what();
  if (text.find("its answer is not HTTP") != text.npos) return "Invalid response header";
  const bool by_connect = failure.where() == proxy_error::stage::refused && failure.status() != 0;
  return by_connect ? "CONNECT tunnel failed, response " + std::to_string(failure.status()) : std::string();
}

}  // namespace

std::string message_of(const std::exception_ptr& failure) {
  std::string text = describe(failure);
  try {
    std::rethrow_exception(failure);
  } catch (const proxy_error& e) {
    const std::string words = words_for_proxy(e);
    if (!words.empty()) return words;
  } catch (const invalid_argument&) {
    if (text.find("which SOCKS 5 cannot carry") != text.npos) {
      return "SOCKS5: the destination hostname is too long to be resolved remotely by the proxy.";
    }
  } catch (const protocol_error&) {
    constexpr std::string_view coding = "a transfer coding that was not asked for: ";
    const std::size_t at = text.find(coding);
    if (at != text.npos) return "Unsolicited Transfer-Encoding (" + text.substr(at + coding.size()) + ") found";
  } catch (...) {
    // In the words it came with.
  }
  return text;
}

}  // namespace braid::get
