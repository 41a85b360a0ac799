// braid-soak: requests by the million through faults and cancellations. What has to hold: every request ends in its
// time and with what was asked for or a reason; the pool is empty at the end, memory flat, no descriptor left.
#include <CLI/CLI.hpp>
#include <cstdio>

#include <bench/run/origin_process.hpp>

#include "soak/h2_origin.hpp"
#include "soak/load.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SOAK_SANITIZED 1
#else
#define SOAK_SANITIZED 0
#endif

namespace {

constexpr std::size_t mebibyte = 1 << 20;
constexpr bool sanitized = SOAK_SANITIZED != 0;  // freed memory is kept for a while, so it grows

constexpr const char* help = R"(
Examples:
  braid-soak
      a million requests over 200 connections of HTTP/1.1 to a braid-origin beside this program
  braid-soak --http 2
      the same over HTTP/2, to a server of its own
  braid-soak --http 2 --requests 100000 --seed 3 --fault reset:0.05,stall:0.002 --cancel 0.2
)";

struct command_line {
  soak::load_options load;
  std::string faults = "reset:0.01,stall:0.001,truncate:0.01";
  int version = 1;
  double total = 5, slack = 5;
  bool serve = false;

  command_line() = default;
};

bool check(bool good, const char* what) {
  if (!good) std::printf("  FAILED: %s\n", what);
  return good;
}

int judge(const command_line& asked, const soak::outcome& out) {
  std::printf("HTTP/%d: %llu requests over %zu connections in %.1f s, seed %llu, faults %s\n", asked.version,
              static_cast<unsigned long long>(asked.load.requests), asked.load.connections, out.seconds,
              static_cast<unsigned long long>(asked.load.seed), asked.faults.c_str());
  std::printf("  good %llu, lost %llu, timed out %llu, cancelled %llu, left in the middle %llu, wrong %llu\n",
              static_cast<unsigned long long>(out.good), static_cast<unsigned long long>(out.lost),
              static_cast<unsigned long long>(out.late), static_cast<unsigned long long>(out.cancelled),
              static_cast<unsigned long long>(out.left), static_cast<unsigned long long>(out.wrong));
  std::printf("  slowest %.2f s of %.2f; memory %.1f MiB after a tenth, %.1f at the end; descriptors %zu, %zu after\n",
              out.slowest, asked.total, static_cast<double>(out.resident_early) / mebibyte,
              static_cast<double>(out.resident_end) / mebibyte, out.descriptors_before, out.descriptors_after);
  bool good = check(!out.stuck, "a request is stuck");
  good &= check(out.ended() == asked.load.requests, "not every request ended");
  good &= check(out.slowest <= asked.total + asked.slack, "a request took longer than its total timeout");
  if (!check(out.wrong == 0, "wrong answers or failures")) {
    std::printf("  the first: %s\n", out.first_wrong.c_str());
    good = false;
  }
  // A run without faults or cancellations at all would show nothing.
  good &= check(out.good > asked.load.requests / 2, "most requests failed");
  good &= check(asked.faults.empty() || out.lost > 0, "no fault was met");
  good &= check(asked.load.cancelled == 0 || out.cancelled > 0, "nothing was cancelled");
  good &= check(out.pool.empty(), "the pool is not empty");
  if (!out.pool.empty()) std::printf("  %s\n", out.pool.c_str());
  good &= check(out.descriptors_after == out.descriptors_before, "descriptors are left open");
  const bool flat = out.resident_end <= out.resident_early + out.resident_early / 10 + 16 * mebibyte;
  good &= check(flat || sanitized, "memory grew");
  std::printf("%s\n", good ? "all good" : "not good");
  return good ? 0 : 1;
}

std::string own_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

int soak_through(command_line& asked) {
  asked.load.http2 = asked.version == 2;
  asked.load.total = std::chrono::duration_cast<braid::duration>(std::chrono::duration<double>(asked.total));
  std::vector<std::string> arguments{"--seed", std::to_string(asked.load.seed)};
  if (!asked.faults.empty()) arguments.insert(arguments.end(), {"--fault", asked.faults});
  if (asked.load.http2) {
    arguments.emplace_back("--serve-h2");
  } else {
    arguments.insert(arguments.end(), {"--quiet", "--listen", "127.0.0.1:0"});
  }
  const braid::bench::origin_process origin(asked.load.http2 ? own_path() : braid::bench::origin_beside_us(),
                                            arguments);
  asked.load.origin = origin.url();
  return judge(asked, soak::run(asked.load));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Requests by the million through faults and cancellations.", "braid-soak");
  command_line line;
  app.footer(help);
  app.add_option("--http", line.version, "1 or 2")->check(CLI::Range(1, 2))->capture_default_str();
  app.add_option("--requests", line.load.requests, "how many")->capture_default_str();
  app.add_option("--connections", line.load.connections, "how many at most")->capture_default_str();
  app.add_option("--seed", line.load.seed, "of faults and cancellations")->capture_default_str();
  app.add_option("--fault", line.faults, "as for braid-origin: reset, stall, truncate")->capture_default_str();
  app.add_option("--cancel", line.load.cancelled, "share of requests that the client gives up")->capture_default_str();
  app.add_option("--total", line.total, "seconds that a request may take")->capture_default_str();
  app.add_option("--slack", line.slack, "seconds more, for a machine that is busy")->capture_default_str();
  app.add_flag("--serve-h2", line.serve, "be the server of HTTP/2");
  CLI11_PARSE(app, argc, argv);
  try {
    if (line.serve) return soak::serve_h2(braid::origin::fault_plan::parse(line.faults), line.load.seed);
    return soak_through(line);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "braid-soak: %s\n", e.what());
    return 3;
  }
}
