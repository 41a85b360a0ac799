#include <braid/core/error.hpp>
#include <braid/core/result.hpp>

#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

using namespace braid;

TEST_CASE("every failure can be caught as braid::error and tells its code") {
  try {
    throw tls_error("connect example.org:443: certificate has expired");
  } catch (const error& e) {
    CHECK(e.code() == errc::tls_failed);
    CHECK(to_string(e.code()) == "tls_failed");
    CHECK(std::string(e.what()) == "connect example.org:443: certificate has expired");
  }
  CHECK_THROWS_AS(throw connection_lost("x"), network_error);
  CHECK_THROWS_AS(throw decode_error("x"), protocol_error);
  CHECK_THROWS_AS(throw invalid_url("x"), invalid_argument);
}

TEST_CASE("a time-out names its phase, a status error its status") {
  CHECK(timeout_error("GET http://a/: timed out", "first byte").phase() == "first byte");
  CHECK(status_error(404, "GET http://a/: 404 Not Found").status() == 404);
}

TEST_CASE("cancellation is told apart from failure") {
  const auto cancelled = std::make_exception_ptr(
      boost::system::system_error(boost::system::errc::make_error_code(boost::system::errc::operation_canceled)));
  CHECK(is_cancelled(cancelled));
  CHECK_FALSE(is_cancelled(std::make_exception_ptr(timeout_error("x"))));
  CHECK_FALSE(is_cancelled(nullptr));
}

TEST_CASE("any exception can be described") {
  CHECK(describe(std::make_exception_ptr(io_error("open f: no such file"))) == "open f: no such file");
  CHECK(describe(std::make_exception_ptr(7)) == "an exception of unknown type");
  CHECK(describe(nullptr) == "no error");
}

TEST_CASE("a result rethrows what it holds") {
  result<int> good = 7;
  result<int> bad = std::make_exception_ptr(io_error("disk full"));
  CHECK(good.value() == 7);
  CHECK_THROWS_AS(bad.value(), io_error);
}
