#include <fstream>
#include <sstream>

#include "client_fixture.hpp"
#include "conformance_line.hpp"

using namespace client_tests;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

/// "VmHWM:   1234 kB" of this process, in bytes.
std::size_t memory_of(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoul(line.substr(name.size() + 1)) * 1024;
  }
  return 0;
}

/// How far the peak of this process's memory rises above what it has when this is made.
class memory_peak {
 public:
  memory_peak() {
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak is what there is now
    before_ = memory_of("VmRSS");
  }
  std::size_t growth() const { return std::max(memory_of("VmHWM"), before_) - before_; }

 private:
  std::size_t before_;
};

/// The whole response as a server sends it; empty without the test material.
std::string response_with(const std::string& file, const std::string& codings) {
  std::ifstream in(BRAID_SHARED_DIR "/data/conformance/bombs/" + file, std::ios::binary);
  if (!in) return {};
  std::ostringstream body;
  body << in.rdbuf();
  return ok(body.str(), "Content-Encoding: " + codings + "\r\n");
}

struct sample {
  const char* file;
  const char* codings;
};

bool have_samples() {
  if (!response_with("1g.br", "br").empty()) return true;
  WARN("[skipped] no ../shared/data");
  return false;
}

}  // namespace

TEST_CASE("a client stops decompression bombs in little memory", "[conformance]") {
  if (!have_samples()) return;
  int passed = 0;
  for (const sample one : {sample{"1g.br", "br"}, sample{"1g.zst", "zstd"}, sample{"1g.gz.gz", "gzip, gzip"}}) {
    scripted_peer peer;
    peer.always(answers(response_with(one.file, one.codings)));
    const memory_peak peak;
    std::string outcome;
    run_virtual([&]() -> awaitable<void> {
      http::client client = client_of(peer);
      outcome = co_await outcome_of(client.get("http://h/"));
    });
    const std::size_t growth = peak.growth();
    CAPTURE(one.file, outcome.substr(0, 200), growth);
    const bool right = outcome.starts_with("limit_exceeded: ") && growth < 32 * mebibyte;
    CHECK(right);
    passed += right;
  }
  report_conformance("decompression bombs (br, zstd, gzip twice; 1 GiB each)", passed, 3,
                     "refused; peak memory rises by less than 32 MiB");
}

TEST_CASE("raw deflate and deflate in zlib's format are both read", "[conformance]") {
  if (!have_samples()) return;
  int passed = 0;
  for (const char* const file : {"64m.rawdeflate", "64m.zlib"}) {
    scripted_peer peer;
    peer.always(answers(response_with(file, "deflate")));
    const memory_peak peak;
    std::uint64_t size = 0;
    run_virtual([&]() -> awaitable<void> {
      http::client client = client_of(peer);
      http::response_stream body = co_await client.stream(http::request("GET", "http://h/"));
      for (;;) {
        const std::string_view piece = co_await body.read_some();
        if (piece.empty()) break;
        size += piece.size();
      }
    });
    const std::size_t growth = peak.growth();
    CAPTURE(file, growth);
    const bool right = size == 64 * mebibyte && growth < 32 * mebibyte;
    CHECK(right);
    passed += right;
  }
  report_conformance("deflate, raw and zlib (64 MiB each)", passed, 2,
                     "streamed; peak memory rises by less than 32 MiB");
}
