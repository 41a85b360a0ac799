#include <string>

#include <braid/core/error.hpp>
#include <braid/origin/faults.hpp>
#include <braid/origin/random.hpp>
#include "number.hpp"

namespace braid::origin {

namespace {

constexpr std::array<std::string_view, fault_kinds> names = {"none", "reset", "truncate", "stall",
                                                             "429",  "503",   "block",    "slow"};
constexpr std::uint64_t fault_salt = 0xFA017;

}  // namespace

std::string_view to_string(fault_kind kind) { return names[static_cast<std::size_t>(kind)]; }

void fault_plan::set(fault_kind kind, double probability) {
  double sum = probability - this->probability(kind);
  for (const double p : probability_) sum += p;
  if (!(probability >= 0) || sum > 1 + 1e-9)
    throw invalid_argument("faults: probabilities must be 0..1 and sum to 1 at most");
  probability_[static_cast<std::size_t>(kind)] = probability;
}

fault_plan fault_plan::parse(std::string_view text) {
  fault_plan plan;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, text.find(','));
    text.remove_prefix(piece.size() == text.size() ? text.size() : piece.size() + 1);
    const auto colon = piece.find(':');
    const std::string_view name = piece.substr(0, colon);
    std::size_t kind = 1;
    while (kind < fault_kinds && names[kind] != name) ++kind;
    const auto probability = colon == piece.npos ? std::nullopt : parse_number(piece.substr(colon + 1));
    if (kind == fault_kinds || !probability || !(*probability >= 0 && *probability <= 1)) {
      throw invalid_argument(
          "fault \"" + std::string(piece) +
          "\": expected KIND:PROBABILITY with KIND one of reset, truncate, stall, 429, 503, block, slow");
    }
    plan.set(static_cast<fault_kind>(kind), *probability);
  }
  return plan;
}

bool fault_plan::empty() const {
  for (const double p : probability_) {
    if (p > 0) return false;
  }
  return true;
}

fault_kind fault_plan::pick(double unit) const {
  for (std::size_t kind = 1; kind < fault_kinds; ++kind) {
    if (unit < probability_[kind]) return static_cast<fault_kind>(kind);
    unit -= probability_[kind];
  }
  return fault_kind::none;
}

fault_kind fault_plan::pick(std::uint64_t seed, std::uint64_t request_number) const {
  random_source random(random_source(seed ^ fault_salt).next() ^ (request_number * 0xD1B54A32D192ED03ull));
  return pick(random.unit());
}

}  // namespace braid::origin
