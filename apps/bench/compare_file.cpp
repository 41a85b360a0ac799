#include <braid/core/error.hpp>
#include <braid/measure/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compare_result.hpp"

namespace braid::bench {

measured measured_from(const nlohmann::json& report, const std::string& name) {
  try {
    if (report.at("command") != "load") {
      throw invalid_argument(name + ": was written by braid-bench " + report.at("command").get<std::string>() +
                             "; compare takes what `braid-bench load --json` writes");
    }
    measured out;
    out.name = name;
    out.started_at = report.at("started_at");
    out.supported = report.at("supported");
    const auto& options = report.at("options");
    out.open_loop = !options.at("rate").is_null();
    for (const auto* key : {"url", "concurrency", "rate", "contexts", "http2", "pin", "duration_s", "requests", "of"}) {
      out.settings.push_back(std::string(key) + ": " + options.at(key).dump());
    }
    out.settings.push_back("machine: " + report.at("environment").at("cpu").get<std::string>());
    for (const auto& run : report.at("runs")) {
      out.throughput.push_back(run.at("throughput"));
      out.cpu_per_request.push_back(run.at("client_cpu_per_request_s"));
      out.latency.push_back(measure::histogram_from_json(run.at("latency_histogram")));
    }
    return out;
  } catch (const nlohmann::json::exception& e) {
    throw invalid_argument(name + ": is not what `braid-bench load --json` writes: " + e.what());
  }
}

measured read_measured(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw io_error("read " + file + ": " + std::strerror(errno));
  }
  const auto report = nlohmann::json::parse(in, nullptr, false);
  if (report.is_discarded()) {
    throw invalid_argument(file + ": is not JSON");
  }
  return measured_from(report, file);
}

}  // namespace braid::bench
