#include <braid/core/error.hpp>
#include <braid/measure/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "compare_result.hpp"

namespace braid::bench {
namespace {

using nlohmann::json;

void take_settings(measured& out, const json& options, const std::vector<const char*>& keys) {
  for (const auto* key : keys) {
    out.settings.push_back(std::string(key) + ": " + options.at(key).dump());
  }
}

void take_runs(measured& out, const json& runs) {
  for (const auto& run : runs) {
    out.throughput.push_back(run.at("throughput"));
    out.cpu_per_request.push_back(run.at("client_cpu_per_request_s"));
    out.latency.push_back(measure::histogram_from_json(run.at("latency_histogram")));
  }
}

std::vector<measured> parts_of(const json& report, measured whole) {
  const std::string command = report.at("command");
  const auto& options = report.at("options");
  if (command == "load") {
    whole.supported = report.at("supported");
    whole.open_loop = !options.at("rate").is_null();
    take_settings(whole, options,
                  {"url", "concurrency", "rate", "contexts", "http2", "pin", "duration_s", "requests", "of"});
    take_runs(whole, report.at("runs"));
    return {whole};
  }
  std::vector<measured> out;
  if (command == "modes") {
    take_settings(whole, options,
                  {"requests", "duration_s", "concurrency", "contexts", "pin", "latency_s", "page_bytes", "parse"});
    for (const auto& mode : report.at("modes")) {
      take_runs(out.emplace_back(whole), mode.at("runs"));
      out.back().part = mode.at("mode");
    }
  } else if (command == "sweep") {
    whole.supported = report.at("objections").empty();
    take_settings(whole, options, {"requests", "duration_s", "pin", "latency_s", "page_bytes", "parse"});
    for (const auto& cell : report.at("cells")) {
      take_runs(out.emplace_back(whole), cell.at("runs"));
      out.back().part = cell.at("contexts").dump() + (cell.at("contexts") == 1 ? " context, " : " contexts, ") +
                        cell.at("concurrency").dump() + (cell.at("concurrency") == 1 ? " task" : " tasks");
    }
  } else {
    throw invalid_argument(whole.name + ": was written by braid-bench " + command +
                           "; compare takes what load, modes and sweep write by --json");
  }
  return out;
}

}  // namespace

std::vector<measured> measured_from(const json& report, const std::string& name) {
  try {
    measured whole;
    whole.name = name;
    whole.started_at = report.at("started_at");
    whole.settings.push_back("command: " + report.at("command").get<std::string>());
    whole.settings.push_back("machine: " + report.at("environment").at("cpu").get<std::string>());
    return parts_of(report, std::move(whole));
  } catch (const json::exception& e) {
    throw invalid_argument(name + ": is not what load, modes or sweep of braid-bench write by --json: " + e.what());
  }
}

std::vector<measured> read_measured(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw io_error("read " + file + ": " + std::strerror(errno));
  }
  const auto report = json::parse(in, nullptr, false);
  if (report.is_discarded()) {
    throw invalid_argument(file + ": is not JSON");
  }
  return measured_from(report, file);
}

}  // namespace braid::bench
