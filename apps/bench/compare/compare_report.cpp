#include "compare_report.hpp"

#include <braid/measure/format.hpp>
#include <braid/measure/summary.hpp>
#include <braid/measure/table.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace braid::bench {
namespace {

using namespace measure;
using nlohmann::json;

std::string to_string(change what) {
  switch (what) {
    case change::none:
      return "no difference";
    case change::lower:
      return "lower";
    case change::higher:
      return "higher";
    case change::other:
      return "different";
    case change::unknown:
      break;
  }
  return "unknown";
}

/// "+4.1 %": what a ratio is above or below 1.
std::string percent_of(double ratio) {
  const double percent = (ratio - 1) * 100;
  return (percent < 0 ? "-" : "+") + format_number(std::abs(percent)) + " %";
}

std::string interval_of(const mean_comparison& means) {
  return percent_of(means.low) + " to " + percent_of(means.high);
}

std::string p_of(double p) { return p < 0.0001 ? "< 0.0001" : std::to_string(p).substr(0, 6); }

std::string time_of(const std::vector<double>& values) {
  return format_duration(std::chrono::nanoseconds(std::llround(summarize(values).mean * 1e9)));
}

void add_means(table& t, const std::string& name, const std::string& a, const std::string& b,
               const compared_figure& figure, bool tested) {
  const auto& means = figure.means;
  t.row({name, a, b, means ? percent_of(means->ratio) : "-", means ? interval_of(*means) : "-",
         means ? p_of(means->p) : "-", tested ? to_string(figure.what) : ""});
}

json json_of(const compared_figure& figure) {
  json out{{"name", figure.name}, {"change", to_string(figure.what)}, {"p", figure.p}};
  out["ratio"] = figure.means ? json(figure.means->ratio) : json(nullptr);
  out["ci95"] = figure.means ? json{figure.means->low, figure.means->high} : json(nullptr);
  out["distance"] = figure.shape ? json(figure.shape->distance) : json(nullptr);
  return out;
}

json json_of(const measured& one) {
  return {{"file", one.name},
          {"started_at", one.started_at},
          {"supported", one.supported},
          {"repetitions", one.throughput.size()}};
}

json json_of(const compared_part& part) {
  json out{{"part", part.a.part}, {"unlike", part.unlike}, {"figures", json::array()}, {"percentiles", json::array()}};
  for (const auto& figure : part.figures) {
    out["figures"].push_back(json_of(figure));
  }
  for (const auto& figure : part.percentiles) {
    out["percentiles"].push_back(json_of(figure));
  }
  return out;
}

/// "throughput is lower by 4.1 % (...)"
std::string sentence_of(const compared_figure& figure) {
  std::string text = figure.name + " is " + to_string(figure.what);
  if (figure.means) {
    text += " by " + percent_of(figure.means->ratio).substr(1) + " (" + interval_of(*figure.means) + ")";
  } else if (figure.shape) {
    text += ", by " + format_number(figure.shape->distance * 100) + " % on average over all percentiles";
  }
  return text;
}

std::string table_of(const compared_part& part) {
  const measured& a = part.a;
  const measured& b = part.b;
  auto t = table::of_figures({part.a.part, "A", "B", "B to A", "95 % interval", "p", ""});
  for (const auto& figure : part.figures) {
    if (figure.name == "throughput") {
      add_means(t, "requests/s", format_number(summarize(a.throughput).mean),
                format_number(summarize(b.throughput).mean), figure, true);
    } else if (figure.shape) {
      t.row({"latency, all percentiles", "", "", format_number(figure.shape->distance * 100) + " %", "",
             p_of(figure.shape->p), to_string(figure.what)});
    } else {
      add_means(t, figure.name, time_of(a.cpu_per_request), time_of(b.cpu_per_request), figure, true);
    }
  }
  const double percents[]{50, 90, 99, 99.9};
  for (std::size_t i = 0; i < part.percentiles.size(); ++i) {
    const auto& figure = part.percentiles[i];
    add_means(t, "  latency " + figure.name, time_of(a.latency_at(percents[i])), time_of(b.latency_at(percents[i])),
              figure, false);
  }
  return t.str();
}

std::string heading_of(const char* which, const measured& one) {
  return std::string(which) + ": " + one.name + ", " + one.started_at + ", " + std::to_string(one.throughput.size()) +
         " repetitions\n";
}

}  // namespace

std::string verdict(const comparison& result) {
  std::string text;
  std::size_t figures = 0;
  for (const auto& part : result.parts) {
    for (const auto& figure : part.figures) {
      ++figures;
      if (figure.what == change::none || figure.what == change::unknown) {
        continue;
      }
      text += text.empty() ? "Different: " : "; ";
      text += (part.a.part.empty() ? "" : part.a.part + ": ") + sentence_of(figure);
    }
  }
  if (!text.empty()) {
    return text + ".";
  }
  return result.unknown() ? "Not known: there are too few repetitions to tell (" +
                                std::to_string(repetitions_needed(figures)) + " a side or more; --repeat)."
                          : "No difference.";
}

std::string render(const comparison& result) {
  const auto& first = result.parts.front();
  std::string text = heading_of("A", first.a) + heading_of("B", first.b) + "\n";
  for (const auto& part : result.parts) {
    text += table_of(part) + "\n";
  }
  text += verdict(result) + "\n";
  for (const auto& settings : first.unlike) {
    text += "Measured unlike each other: " + settings + "\n";
  }
  for (const auto& part : result.alone) {
    text += "In one file only: " + part + "\n";
  }
  for (const auto* one : {&first.a, &first.b}) {
    if (!one->supported) {
      text += one->name + " says of itself that its figures are not supported.\n";
    }
  }
  return text;
}

json to_json(const comparison& result) {
  const auto& first = result.parts.front();
  json out{{"program", "braid-bench"}, {"command", "compare"},       {"version", BRAID_VERSION},
           {"a", json_of(first.a)},    {"b", json_of(first.b)},      {"different", result.different()},
           {"worse", result.worse()},  {"verdict", verdict(result)}, {"in_one_file_only", result.alone},
           {"parts", json::array()}};
  for (const auto& part : result.parts) {
    out["parts"].push_back(json_of(part));
  }
  return out;
}

}  // namespace braid::bench
