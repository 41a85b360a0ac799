#include <braid/core/error.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>

namespace braid {

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::invalid_argument:
      return "invalid_argument";
    case errc::invalid_url:
      return "invalid_url";
    case errc::timeout:
      return "timeout";
    case errc::resolve_failed:
      return "resolve_failed";
    case errc::connect_failed:
      return "connect_failed";
    case errc::address_refused:
      return "address_refused";
    case errc::proxy_failed:
      return "proxy_failed";
    case errc::tls_failed:
      return "tls_failed";
    case errc::connection_lost:
      return "connection_lost";
    case errc::protocol:
      return "protocol";
    case errc::decode_failed:
      return "decode_failed";
    case errc::redirect_failed:
      return "redirect_failed";
    case errc::bad_status:
      return "bad_status";
    case errc::limit_exceeded:
      return "limit_exceeded";
    case errc::io_failed:
      return "io_failed";
  }
  return "unknown";
}

bool is_cancelled(const std::exception_ptr& failure) noexcept {
  if (!failure) return false;
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    return e.code() == boost::system::errc::operation_canceled;
  } catch (...) {
    return false;
  }
}

std::string describe(const std::exception_ptr& failure) {
  if (!failure) return "no error";
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace braid
