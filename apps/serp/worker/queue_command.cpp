#include "queue_command.hpp"

#include <braid/core/error.hpp>
#include <braid/measure/format.hpp>
#include <braid/measure/table.hpp>
#include <braid/runtime/runtime.hpp>
#include <braid/scrape/redis_frontier.hpp>
#include <braid/scrape/redis_proxies.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "options.hpp"

namespace braid::worker {
namespace {

std::string table_of(const scrape::redis_counts& counts) {
  auto table = measure::table::of_figures({"engine", "lag", "pending", "delayed", "done", "workers", "suspended"});
  const auto number = [](std::uint64_t value) { return measure::format_count(value); };
  for (const auto& lane : counts.lanes) {
    const bool free = lane.suspended.count() == 0;
    table.row({lane.lane, number(lane.lag), number(lane.pending), number(lane.delayed), number(lane.done),
               number(lane.consumers), free ? std::string("-") : measure::format_duration(lane.suspended)});
  }
  return table.str() + "dead: " + number(counts.dead) + '\n';
}

/// Empty without any.
std::string table_of(const std::vector<scrape::redis_proxy_report>& proxies) {
  if (proxies.empty()) return {};
  auto table = measure::table::of_figures({"proxy", "ejected", "ejections"});
  for (const auto& one : proxies) {
    const bool usable = one.ejected.count() == 0;
    table.row({one.name, usable ? std::string(one.is_suspect ? "suspect" : "-") : measure::format_duration(one.ejected),
               measure::format_count(one.ejections)});
  }
  return table.str();
}

std::string json_of(const scrape::redis_counts& counts, const std::vector<scrape::redis_proxy_report>& proxies) {
  nlohmann::ordered_json all;
  all["dead"] = counts.dead;
  all["engines"] = nlohmann::ordered_json::array();
  for (const auto& lane : counts.lanes) {
    nlohmann::ordered_json one;
    one["engine"] = lane.lane;
    one["lag"] = lane.lag;
    one["pending"] = lane.pending;
    one["delayed"] = lane.delayed;
    one["done"] = lane.done;
    one["workers"] = lane.consumers;
    one["suspended_s"] = std::chrono::duration<double>(lane.suspended).count();
    all["engines"].push_back(std::move(one));
  }
  all["proxies"] = nlohmann::ordered_json::array();
  for (const auto& known : proxies) {
    nlohmann::ordered_json one;
    one["proxy"] = known.name;
    one["ejected_s"] = std::chrono::duration<double>(known.ejected).count();
    one["ejections"] = known.ejections;
    one["suspect"] = known.is_suspect;
    all["proxies"].push_back(std::move(one));
  }
  return all.dump() + '\n';
}

int run(const queue_options& options) {
  runtime here;  // the connection lives on it
  scrape::redis_connection redis(scrape::redis_address::parse(options.redis));
  scrape::redis_frontier_options how;
  how.queue = options.queue;
  scrape::redis_frontier queue(redis, how);
  if (options.requeue) {
    const auto count = here.run([&] { return queue.requeue(options.most); });
    std::printf("%s queued again\n", measure::format_count(count).c_str());
    return 0;
  }
  const auto counts = here.run([&] { return queue.counts(); });
  scrape::redis_proxies_options of_proxies;
  of_proxies.queue = options.queue;
  scrape::redis_proxies all_proxies(redis, of_proxies);
  const auto proxies = here.run([&] { return all_proxies.reports(); });
  const auto text = options.json ? json_of(counts, proxies) : table_of(counts) + table_of(proxies);
  std::fputs(text.c_str(), stdout);
  return counts.dead == 0 ? 0 : 1;
}

}  // namespace

int queue_command(int argc, const char* const* argv) {
  const auto parsed = parse_queue_line(argc, argv);
  if (const auto* exit = std::get_if<fetch::early_exit>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  try {
    return run(std::get<queue_options>(parsed));
  } catch (const error& e) {
    std::fprintf(stderr, "braid-serp queue: %s\n", e.what());
    return 3;
  }
}

}  // namespace braid::worker
