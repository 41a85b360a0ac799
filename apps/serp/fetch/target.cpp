#include "target.hpp"

#include <algorithm>
#include <braid/measure/format.hpp>
#include <utility>

namespace braid::fetch {
namespace {

bool mentions(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

}  // namespace

std::optional<scrape::refusal> refusal_of(int status, std::string_view page_kind, std::string_view evidence) {
  using scrape::refusal;
  if (status == 429) return refusal::too_many;
  if (page_kind == "soft_blocked") return refusal::denied;
  if (page_kind != "blocked") return std::nullopt;
  if (mentions(evidence, "cloudflare")) {
    return mentions(evidence, "attention required") || mentions(evidence, "error-details")
               ? refusal::cloudflare_denied
               : refusal::cloudflare_captcha;
  }
  if (mentions(evidence, "recaptcha")) return refusal::recaptcha;
  if (mentions(evidence, "captcha") || status < 400) return refusal::captcha;
  return refusal::denied;
}

target_shared::target_shared(std::string engine, scrape::frontier_shared<job>& jobs, const target_options& options)
    : engine_(std::move(engine)),
      jobs_(jobs),
      options_(options),
      lane_(jobs.add_lane(options.interval)),
      suspension_(options.suspensions) {
  if (!options.adaptive) return;
  limit_.emplace(*options.adaptive);
  jobs_.set_limit(lane_, limit_->limit());
}

void target_shared::sent() {
  const std::lock_guard lock(mutex_);
  ++under_way_;
}

void target_shared::over(time_point started, time_point now, bool overload) {
  const std::lock_guard lock(mutex_);
  --under_way_;
  if (!limit_) return;
  const auto before = limit_->limit();
  limit_->record(started, now, overload, under_way_);
  if (changes_.changes().empty()) changes_.add(limit_change{started, before, scrape::limit_reason::start});
  if (limit_->limit() == before) return;
  jobs_.set_limit(lane_, limit_->limit());
  changes_.add(limit_change{now, limit_->limit(), limit_->reason()});
}

void target_shared::cancelled() {
  const std::lock_guard lock(mutex_);
  --under_way_;
}

void target_shared::refused(scrape::refusal kind, std::optional<duration> retry_after, time_point now) {
  const std::lock_guard lock(mutex_);
  const auto count = suspension_.count();
  const auto until = suspension_.refused(kind, retry_after, now);
  if (!until || given_up_) return;
  const auto time = *until - now;
  const auto text = engine_ + ": " + (kind == scrape::refusal::failure ? "no answer" : std::string(to_string(kind))) +
                    ", to be left alone for " + measure::format_duration(time);
  if (time > options_.patience) {
    given_up_ = true;
    jobs_.abandon(lane_);
    notes_ += text + "; what is left of its requests stays undone (--patience, --suspend)\n";
    return;
  }
  if (on_hold_) {
    on_hold_(engine_, time, now);
  } else {
    jobs_.hold(lane_, *until);
  }
  if (suspension_.count() != count) notes_ += text + '\n';
}

void target_shared::answered() {
  const std::lock_guard lock(mutex_);
  suspension_.answered();
}

target_shared::health target_shared::state(time_point now) const {
  const std::lock_guard lock(mutex_);
  health out;
  out.engine = engine_;
  out.under_way = under_way_;
  out.suspensions = suspension_.count();
  if (suspension_.until() > now) out.suspended_for = suspension_.until() - now;
  if (suspension_.count() > 0) out.reason = to_string(suspension_.reason());
  return out;
}

std::string target_shared::take_notes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(notes_, {});
}

std::uint64_t target_shared::suspensions() const {
  const std::lock_guard lock(mutex_);
  return suspension_.count();
}

std::size_t target_shared::limit() const {
  const std::lock_guard lock(mutex_);
  return limit_ ? limit_->limit() : 0;
}

std::vector<limit_change> target_shared::limit_changes() const {
  const std::lock_guard lock(mutex_);
  return changes_.changes();
}

std::string target_shared::summary() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  if (suspension_.count() > 0) {
    text += engine_ + ": suspended " + measure::format_count(suspension_.count()) +
            (suspension_.count() == 1 ? " time" : " times") + ", last for " +
            std::string(to_string(suspension_.reason())) + '\n';
  }
  if (limit_ && limit_->rounds() > 0) {
    text += engine_ + ": " + measure::format_count(limit_->limit()) + " requests at once in the end; one took " +
            measure::format_duration(limit_->last()) + ", alone it takes " + measure::format_duration(limit_->alone()) +
            '\n';
  }
  return text;
}

}  // namespace braid::fetch
