#include "serp/serve/options.hpp"

#include <catch2/catch.hpp>

using namespace braid::serve;

namespace {

std::variant<serve_options, braid::fetch::early_exit> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "serve");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data(), {"bing", "google"});
}

serve_options good(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  if (const auto* exit = std::get_if<braid::fetch::early_exit>(&parsed)) FAIL(exit->text);
  return std::get<serve_options>(parsed);
}

std::string wrong(std::vector<const char*> arguments) {
  auto parsed = parse(std::move(arguments));
  const auto* exit = std::get_if<braid::fetch::early_exit>(&parsed);
  return exit != nullptr && exit->code == 2 ? exit->text : "taken";
}

}  // namespace

TEST_CASE("serve listens on loopback, in memory, with polite rates, unless told otherwise") {
  const auto plain = good({});
  CHECK(plain.address == "127.0.0.1");
  CHECK(plain.port == 8090);
  CHECK(plain.state_file.empty());
  CHECK(plain.keep_days == 30);
  CHECK(plain.gathering.engines == std::vector<std::string>{"bing", "google"});
  CHECK(braid::fetch::rate_of(plain.gathering, "google") == 1);
  const auto other = good({"--listen", "[::1]:9", "--contexts", "2", "--endpoint", "google=http://127.0.0.1:1",
                           "--cache", "0", "--keep", "0.5", "-k", "7"});
  CHECK(other.address == "::1");
  CHECK(other.port == 9);
  CHECK(other.gathering.contexts == 2);
  CHECK(other.gathering.concurrency == 7);
  CHECK(other.cache.count() == 0);
  CHECK(good({"--max-waiting", "1"}).most_waiting == 1);
}

TEST_CASE("serve refuses what cannot be meant") {
  CHECK_THAT(wrong({"--listen", "8090"}), Catch::Contains("--listen"));
  CHECK_THAT(wrong({"--listen", "127.0.0.1:99999"}), Catch::Contains("--listen"));
  CHECK_THAT(wrong({"--cert", "x"}), Catch::Contains("--key"));
  CHECK_THAT(wrong({"--endpoint", "gogle=http://127.0.0.1"}), Catch::Contains("unknown engine"));
  CHECK_THAT(wrong({"--max-waiting", "0"}), Catch::Contains("--max-waiting"));
  CHECK_THAT(wrong({"--insecure-listen=no"}), Catch::Contains("--insecure-listen takes no value"));
  CHECK_THAT(wrong({"query"}), Catch::Contains("query"));
}

TEST_CASE("beyond this machine a server needs tokens and TLS or the word") {
  CHECK(objection("127.0.0.1", false, false, false).empty());
  CHECK(objection("127.8.8.8", false, false, false).empty());
  CHECK(objection("::1", false, false, false).empty());
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "::2"}) {
    INFO(address);
    CHECK_FALSE(objection(address, false, false, false).empty());
    CHECK_FALSE(objection(address, true, false, false).empty());
    CHECK_FALSE(objection(address, false, true, false).empty());
    CHECK(objection(address, true, true, false).empty());
    CHECK(objection(address, false, false, true).empty());
  }
}

TEST_CASE("callbacks lead to public addresses, twelve times at most, unless told otherwise") {
  CHECK_FALSE(good({}).private_callbacks);
  CHECK(good({}).callback_attempts == 12);
  const auto other =
      good({"--callback-secret-file", "f", "--callbacks-to-private-addresses", "--callback-attempts", "3"});
  CHECK(other.callback_secret_file == "f");
  CHECK(other.private_callbacks);
  CHECK(other.callback_attempts == 3);
  CHECK_THAT(wrong({"--callback-attempts", "0"}), Catch::Contains("--callback-attempts"));
}
