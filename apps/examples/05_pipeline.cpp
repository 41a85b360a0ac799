// Gather, count, print: three stages at once, with a bounded channel between each two. A slow stage holds back the one
// before it, so memory stays bounded; closing a channel ends the stage behind it.
//
// usage: example_05_pipeline SITE
#include <algorithm>
#include <braid/http/client.hpp>
#include <braid/runtime/channel.hpp>
#include <braid/runtime/for_each.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/runtime/task_group.hpp>
#include <iostream>
#include <vector>

namespace {

struct page {
  page() = default;
  page(std::string what, std::string text) : query(std::move(what)), body(std::move(text)) {}
  std::string query, body;
};

struct count {
  count() = default;
  count(std::string what, std::size_t links) : query(std::move(what)), number(links) {}
  std::string query;
  std::size_t number = 0;
};

braid::awaitable<void> gather(std::string site, braid::channel<page>& pages) {
  braid::http::client client;
  const std::vector<std::string> queries{"bread", "butter", "coffee", "honey", "tea"};
  co_await braid::for_each(queries, 3, [&](const std::string& query) -> braid::awaitable<void> {
    auto response = co_await client.get(site + "/search?q=" + query);
    page gathered(query, response.take_body());
    co_await pages.send(std::move(gathered));
  });
  pages.close();
}

braid::awaitable<void> count_links(braid::channel<page>& pages, braid::channel<count>& counts) {
  while (auto next = co_await pages.receive()) {
    std::size_t links = 0;
    for (auto at = next->body.find("<a "); at != std::string::npos; at = next->body.find("<a ", at + 1)) ++links;
    count result(next->query, links);
    co_await counts.send(std::move(result));
  }
  counts.close();
}

braid::awaitable<void> print(braid::channel<count>& counts) {
  while (auto next = co_await counts.receive()) std::cout << next->query << ": " << next->number << " links\n";
}

}  // namespace

int main(int argc, char** argv) {
  const std::string site = argc > 1 ? argv[1] : "http://127.0.0.1:8080";
  braid::runtime runtime;
  runtime.run([&]() -> braid::awaitable<void> {
    braid::channel<page> pages(2);
    braid::channel<count> counts(2);
    co_await braid::with_task_group([&](braid::task_group& group) -> braid::awaitable<void> {
      group.spawn(gather(site, pages));
      group.spawn(count_links(pages, counts));
      group.spawn(print(counts));
      co_return;
    });
  });
}
