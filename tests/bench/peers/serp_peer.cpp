// serp_peer [-n PAGES] [-c CONCURRENCY] [-o FILE] URL: fetches one result page so many times, takes it apart and saves
// a line of JSON for each result, on one context; then what it took as a line of JSON. For tests/bench.sh, which gives
// other programs the same work.
#include <sys/resource.h>
#include <unistd.h>

#include <braid/html/document.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/sink.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <boost/json/src.hpp>

namespace {

using namespace braid;

struct found {
  std::size_t results = 0;
  std::string lines;
};

/// Strings as JSON; Boost.JSON looks at sixteen characters at once.
class json_text {
 public:
  void add(std::string& out, std::string_view text) {
    serializer_.reset(boost::json::string_view(text.data(), text.size()));
    while (!serializer_.done()) {
      const boost::json::string_view piece = serializer_.read(buffer_, sizeof buffer_);
      out.append(piece.data(), piece.size());
    }
  }

 private:
  boost::json::serializer serializer_;
  char buffer_[1024];
};

/// The results of a page, a line each.
found parse(long page, const std::string& body) {
  static const html::selector results("li.result"), links("a.link"), snippets("p.snippet");
  static json_text json;
  found out;
  const html::document document = html::document::parse(body, "utf-8");
  for (const html::node result : document.select(results)) {
    const html::node link = html::select_first(result, links);
    int rank = 0;
    const std::string_view number = result.attribute("data-rank").value_or("");
    std::from_chars(number.data(), number.data() + number.size(), rank);
    out.lines.append("{\"page\":").append(std::to_string(page)).append(",\"rank\":").append(std::to_string(rank));
    out.lines += ",\"title\":";
    json.add(out.lines, link.text());
    out.lines += ",\"url\":";
    json.add(out.lines, link.attribute("href").value_or(""));
    out.lines += ",\"snippet\":";
    json.add(out.lines, html::select_first(result, snippets).text());
    out.lines += "}\n";
    ++out.results;
  }
  return out;
}

struct work {
  std::string url;
  long pages = 1000;
  unsigned concurrency = 16;
  std::string out = "/dev/null";
  std::size_t results = 0;
  long failed = 0;
};

using steps = scrape::pipeline_steps<long, std::string, found>;

steps steps_of(work& of, http::client& client, scrape::sink& out) {
  steps how;
  how.gather = [&](long&) -> awaitable<scrape::gather_result<std::string>> {
    http::response got = co_await client.get(of.url);
    got.raise_for_status();
    co_return got.take_body();
  };
  how.parse = [](long page, std::string body) { return parse(page, body); };
  how.give_up = [&](long, scrape::stage, const std::exception_ptr&) {
    ++of.failed;
    return found();
  };
  how.save = [&](std::span<scrape::finished_item<long, found>> some) {
    std::vector<std::string> records;
    for (auto& one : some) {
      of.results += one.record.results;
      if (one.record.lines.empty()) continue;
      one.record.lines.pop_back();  // the sink ends what it is given
      records.push_back(std::move(one.record.lines));
    }
    out.write(records);
  };
  return how;
}

void run(work& of) {
  http::client_options options;
  options.max_connections_per_host = options.max_connections = of.concurrency;
  http::client client(options);
  scrape::output_file file(of.out, scrape::output_file::mode::replace);
  const std::unique_ptr<scrape::sink> out = scrape::open_lines(std::move(file));
  scrape::frontier_shared<long> jobs;
  jobs.add_lane();
  for (long page = 0; page < of.pages; ++page) jobs.add(page);
  jobs.seal();
  scrape::pipeline_options how;
  how.concurrency = of.concurrency;
  scrape::pipeline<long, std::string, found> line(jobs, steps_of(of, client, *out), how);
  runtime one;
  one.run([&]() -> awaitable<void> { co_await line.run(); });
  out->finish();
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  work of;
  for (int option = 0; (option = getopt(argc, argv, "n:c:o:t:")) != -1;) {
    if (option == 'n') of.pages = std::atol(optarg);
    if (option == 'c') of.concurrency = static_cast<unsigned>(std::atoi(optarg));
    if (option == 'o') of.out = optarg;
    if (option == '?') return 2;
  }
  if (optind + 1 != argc || of.pages < 1 || of.concurrency < 1) {
    std::fprintf(stderr, "usage: serp_peer [-n pages] [-c concurrency] [-o file] URL\n");
    return 2;
  }
  of.url = argv[optind];
  const auto begin = braid::clock::now();
  try {
    run(of);
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
  }
  const double wall = std::chrono::duration<double>(braid::clock::now() - begin).count();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
  const auto count = static_cast<double>(of.pages);
  std::printf(
      "{\"peer\":\"braid\",\"requests\":%ld,\"concurrency\":%u,\"wall_s\":%.6f,\"rps\":%.1f,\"cpu_us_per_req\":%.3f,"
      "\"max_rss_kb\":%ld,\"errors\":%ld,\"items\":%zu}\n",
      of.pages, of.concurrency, wall, count / wall, cpu * 1e6 / count, used.ru_maxrss, of.failed, of.results);
  return of.failed == 0 ? 0 : 1;
}
