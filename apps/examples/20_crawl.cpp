// A crawler: the pages of a site, each once, as far as links, the depth and its robots.txt lead, on several contexts.
//
// usage: example_20_crawl START [DEPTH [CONTEXTS]]
#include <braid/core/error.hpp>
#include <braid/html/document.hpp>
#include <braid/http/client.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/scrape/pipeline.hpp>
#include <braid/scrape/robots_cache.hpp>
#include <iostream>
#include <string>

namespace {

struct job {
  job() = default;
  job(braid::url where, unsigned clicks) : address(std::move(where)), depth(clicks) {}
  braid::url address;
  unsigned depth = 0;
};

using frontier = braid::scrape::frontier_shared<job>;
using crawl = braid::scrape::pipeline<job, braid::http::response, std::string>;

/// Each address once; what follows a '#' is a place on the same page.
void add(frontier& jobs, const braid::url& address, unsigned depth) {
  job next(address.without_secrets(), depth);
  jobs.add(next, std::string(next.address.str()));
}

void follow_links(frontier& jobs, const job& from, const braid::http::response& page) {
  static const braid::html::selector links("a[href], area[href]");
  const auto document = braid::html::document::parse(page.body());
  for (const auto link : document.select(links)) {
    try {
      const auto target = page.url().resolve(*link.attribute("href"));
      if (target.origin() == from.address.origin()) add(jobs, target, from.depth + 1);
    } catch (const braid::invalid_url&) {  // mailto: and the like
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto start = braid::url::parse(argc > 1 ? argv[1] : "http://127.0.0.1:8080/");
  const unsigned depth = argc > 2 ? static_cast<unsigned>(std::stoul(argv[2])) : 100;
  braid::scrape::pipeline_options options;
  options.concurrency = 32;
  options.contexts = argc > 3 ? static_cast<unsigned>(std::stoul(argv[3])) : 1;

  braid::http::client client;
  braid::scrape::robots_cache robots(client.options(), braid::scrape::robots_options());
  frontier jobs;
  add(jobs, start, 0);
  jobs.seal();

  braid::scrape::pipeline_steps<job, braid::http::response, std::string> steps;
  steps.gather = [&](const job& next) -> braid::awaitable<braid::scrape::gather_result<braid::http::response>> {
    const bool allowed = co_await robots.allows(next.address);
    if (!allowed) throw std::runtime_error("robots.txt forbids it");
    co_return co_await client.get(std::string(next.address.str()));
  };
  steps.parse = [&](const job& from, const braid::http::response& page) {
    const bool html = page.ok() && page.header("Content-Type").value_or("").starts_with("text/html");
    if (html && from.depth < depth) follow_links(jobs, from, page);
    return std::to_string(page.status()) + ' ' + std::string(page.url().str());
  };
  steps.give_up = [](const job& which, braid::scrape::stage, const std::exception_ptr& failure) {
    return "- " + std::string(which.address.str()) + ": " + braid::describe(failure);
  };
  steps.save = [](auto pages) {
    for (const auto& page : pages) std::cout << page.record << '\n';
  };

  crawl pages(jobs, steps, options);
  braid::runtime contexts({options.contexts});
  contexts.run([&] { return pages.run(); });
}
