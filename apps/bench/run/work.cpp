#include "work.hpp"

#include <braid/core/clock.hpp>
#include <braid/core/error.hpp>
#include <braid/http/response.hpp>
#include <exception>

#include "bench/common/failure_code.hpp"
#include "request_spans.hpp"

namespace braid::bench {

job::job(std::string url, unsigned pages, const page_parser* parser)
    : before_(std::move(url)), pages_(pages), parser_(parser) {
  constexpr std::string_view mark = "{n}";
  if (const auto at = before_.find(mark); at != std::string::npos) {
    after_ = before_.substr(at + mark.size());
    before_.erase(at);
    numbered_ = true;
  }
}

std::string job::url_of(std::uint64_t number) const {
  return numbered_ ? before_ + std::to_string(number % pages_) + after_ : before_;
}

boost::asio::awaitable<void> work(http::client client, const job& what, tickets& left, tallies_shared& tallies,
                                  std::uint32_t task) {
  while (const auto ticket = left.take()) {
    std::exception_ptr failure;
    const auto asked = clock::now();
    try {
      auto url = what.url_of(*ticket);
      auto page = co_await client.get(std::move(url));
      page.raise_for_status();
      const auto received = clock::now();

      auto& mine = tallies.of_this_thread();
      mine.latency.record(received - asked);
      mine.bytes += page.body().size();
      if (mine.spans) add_request(*mine.spans, task, asked - tallies.begin(), page.timings());
      if (const auto* parser = what.parser()) {
        const auto record = parser->parse(page.body());
        mine.records += record.results;
        mine.saved_bytes += record.json.size();  // the sink: a record is written, and thrown away
        const auto parsed = clock::now();
        mine.parse.record(parsed - received);
        if (mine.spans) {
          add_span(*mine.spans, task, task_phase::parse, received - tallies.begin(), parsed - tallies.begin());
        }
      }
    } catch (...) {
      failure = std::current_exception();
    }
    auto& mine = tallies.of_this_thread();
    if (failure) {
      const auto message = describe(failure);
      mine.failed(code_of(failure), message);
      if (mine.spans) {
        add_span(*mine.spans, task, task_phase::failed, asked - tallies.begin(), clock::now() - tallies.begin());
      }
      mine.named_failures += message.find(what.url_of(*ticket)) != std::string::npos ? 1 : 0;
    }
    mine.count_done();
  }
}

}  // namespace braid::bench
