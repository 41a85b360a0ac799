// What coroutine-traps.sh must find: each line marked "trap", and no other. Never compiled into anything.
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

using boost::asio::awaitable;
struct aggregate {
  std::string text;
  int number;
};
struct with_constructor {
  explicit with_constructor(std::string value) : text(std::move(value)) {}
  std::string text;
};

awaitable<int> take(aggregate);
awaitable<int> take(with_constructor);
awaitable<int> take_all(std::vector<std::string>);
awaitable<int> take_text(std::string);
template <class F>
awaitable<void> call(F function) {
  co_await function();
}

awaitable<int> aggregate_in_braces() {
  co_return co_await take({"x", 1});  // trap
}
awaitable<int> named_aggregate() {
  co_return co_await take(aggregate{"x", 1});  // trap
}
awaitable<int> list() {
  co_return co_await take_all({"a", "b"});  // trap
}
awaitable<int> choice(bool first, std::string a, std::string b) {
  co_return co_await take_text(first ? a + "" : b + "");  // trap
}
awaitable<void> captures(std::string text) {
  co_await call([text]() -> awaitable<void> { co_return; });  // trap
}
awaitable<void> beside_the_await(std::vector<aggregate> all) {
  all.push_back({"x", co_await take_text("s")});  // trap
}
awaitable<void> in_the_body_of_a_lambda() {
  co_await call([]() -> awaitable<void> {
    co_await take({"x", 1});  // trap
  });
}

awaitable<int> named_first() {
  aggregate value{"x", 1};
  co_return co_await take(value);
}
awaitable<int> constructed() { co_return co_await take(with_constructor("s")); }
awaitable<void> beside_a_lambda_that_awaits(std::string text) {
  co_await call([&]() -> awaitable<void> {
    if (std::vector<std::string>{"y"}.empty()) co_await take_text(text);
  });
}
