// http_peer [-n REQUESTS] [-c CONCURRENCY] [-2] URL: so many client.get() of one URL on one context, and what they
// took as a line of JSON. For tests/bench.sh, which runs other clients on the same work.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>

namespace {

using namespace braid;

struct work {
  std::string url;
  long left = 1000;
  long failed = 0;
};

awaitable<void> ask(http::client client, work& of) {
  while (of.left-- > 0) {
    try {
      const http::response got = co_await client.get(of.url);
      if (!got.ok()) ++of.failed;
    } catch (const std::exception& problem) {
      if (of.failed++ == 0) std::fprintf(stderr, "%s\n", problem.what());
    }
  }
}

long peak_kib() {
  // Not ru_maxrss, which counts what the process was before its exec.
  std::FILE* const status = std::fopen("/proc/self/status", "r");
  long kib = 0;
  char line[256];
  while (status && std::fgets(line, sizeof line, status)) {
    if (std::sscanf(line, "VmHWM: %ld", &kib) == 1) break;
  }
  if (status) std::fclose(status);
  return kib;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  work of;
  unsigned concurrency = 1;
  bool http2 = false;
  for (int option = 0; (option = getopt(argc, argv, "n:c:2")) != -1;) {
    if (option == 'n') of.left = std::atol(optarg);
    if (option == 'c') concurrency = static_cast<unsigned>(std::atoi(optarg));
    if (option == '2') http2 = true;
    if (option == '?') return 2;
  }
  if (optind + 1 != argc || of.left < 1 || concurrency < 1) {
    std::fprintf(stderr, "usage: http_peer [-n requests] [-c concurrency] [-2] URL\n");
    return 2;
  }
  of.url = argv[optind];
  const long requests = of.left;

  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);

  http::client_options options;
  options.max_connections_per_host = options.max_connections = concurrency;
  options.limits.idle_connections = concurrency;
  options.tls.verify(false);
  options.http_version = http2 ? http::protocol_choice::automatic : http::protocol_choice::http1;

  const auto begin = clock::now();
  runtime one;
  one.run([&]() -> awaitable<void> {
    const http::client client(options);
    co_await with_task_group([&](task_group& group) -> awaitable<void> {
      for (unsigned i = 0; i < concurrency; ++i) group.spawn(ask(client, of));
      co_return;
    });
  });
  const double wall = std::chrono::duration<double>(clock::now() - begin).count();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double user = seconds(used.ru_utime), sys = seconds(used.ru_stime);
  const double count = static_cast<double>(requests);
  std::printf(
      "{\"peer\":\"braid\",\"requests\":%ld,\"concurrency\":%u,\"wall_s\":%.6f,\"user_s\":%.6f,\"sys_s\":%.6f,"
      "\"rps\":%.1f,\"cpu_us_per_req\":%.3f,\"max_rss_kb\":%ld,\"errors\":%ld}\n",
      requests, concurrency, wall, user, sys, count / wall, (user + sys) * 1e6 / count, peak_kib(), of.failed);
  return of.failed == 0 ? 0 : 1;
}
