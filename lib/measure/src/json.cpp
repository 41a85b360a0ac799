#include <braid/core/error.hpp>
#include <braid/measure/json.hpp>

namespace braid::measure {

double seconds(std::chrono::nanoseconds value) { return std::chrono::duration<double>(value).count(); }

nlohmann::json to_json(const cpu_time& value) {
  return {{"user_s", seconds(value.user)}, {"system_s", seconds(value.system)}, {"total_s", seconds(value.total())}};
}

nlohmann::json to_json(const summary& value) {
  nlohmann::json out{{"count", value.count},   {"mean", value.mean}, {"stdev", value.stdev},
                     {"median", value.median}, {"min", value.min},   {"max", value.max}};
  out["ci95"] = value.has_interval() ? nlohmann::json(value.ci95) : nlohmann::json(nullptr);
  return out;
}

nlohmann::json latency_to_json(const histogram& value) {
  const auto at = [&](double percent) { return seconds(value.duration_at(percent)); };
  return {
      {"count", value.count()}, {"mean_s", value.mean() / 1e9}, {"min_s", at(0)},  {"p50_s", at(50)}, {"p90_s", at(90)},
      {"p99_s", at(99)},        {"p999_s", at(99.9)},           {"max_s", at(100)}};
}

nlohmann::json to_json(const histogram& value) {
  auto buckets = nlohmann::json::array();
  for (std::size_t i = 0; i < value.buckets().size(); ++i) {
    if (const auto count = value.buckets()[i]; count > 0) {
      buckets.push_back({histogram::lowest_of(i), count});
    }
  }
  return {{"min", value.min()}, {"max", value.max()}, {"mean", value.mean()}, {"buckets", std::move(buckets)}};
}

histogram histogram_from_json(const nlohmann::json& value) {
  try {
    return histogram::restored(value.at("buckets").get<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(),
                               value.at("min").get<std::uint64_t>(), value.at("max").get<std::uint64_t>(),
                               value.at("mean").get<double>());
  } catch (const nlohmann::json::exception& e) {
    throw invalid_argument(std::string("histogram: ") + e.what());
  }
}

}  // namespace braid::measure
