#include "stored_jobs.hpp"

#include <algorithm>
#include <braid/core/error.hpp>
#include <charconv>
#include <utility>
#include <vector>

#include "plan.hpp"

namespace braid::fetch {
namespace {

/// The same for the same engine in every version, so no place in a list. Two engines with one number share a queue.
int lane_number(std::string_view engine) {
  std::uint32_t value = 2166136261U;
  for (const unsigned char c : engine) value = (value ^ c) * 16777619U;
  return static_cast<int>(value >> 1U);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

bool read_number(std::string_view text, unsigned& into) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, into);
  return error == std::errc() && stop == end;
}

}  // namespace

job job_of_key(const std::string& key, const fetch_options& options, const engine_pages& engines) {
  constexpr std::size_t usual = 6, all = 12, with_id = 13;
  const auto parts = lines_of(key);
  job what;
  bool good = parts.size() == usual || parts.size() == all || parts.size() == with_id;
  good = good && read_number(parts[2], what.page);
  if (good && parts.size() > usual) good = read_number(parts[10], what.num) && read_number(parts[11], what.start);
  if (!good) {
    const auto where = options.state_file.empty() ? std::string() : "--state " + options.state_file + ": ";
    throw io_error(where + "damaged job '" + key + "'");
  }
  what.engine = parts[0];
  what.query = parts[1];
  what.gl = parts[3];
  what.hl = parts[4];
  what.device = parts[5];
  if (parts.size() > usual) {
    what.google_domain = parts[6];
    what.location = parts[7];
    what.safe = parts[8];
    what.tbs = parts[9];
  }
  complete(what, options, engines);
  if (parts.size() == with_id) what.id = parts[12];
  return what;
}

stored_jobs_shared::stored_jobs_shared(const std::string& path, std::string_view subject, const fetch_options& options,
                                       const engine_pages& engines, scrape::frontier_shared<job>& next,
                                       const lane_function& lane_of)
    : options_(options),
      engines_(engines),
      next_(next),
      window_(std::max<std::size_t>(1024, 4 * std::size_t{options.concurrency})),
      file_(path, subject) {
  for (const auto& engine : engines.engines()) {
    auto& own = lanes_[engine];
    own.number = lane_number(engine);
    own.target = lane_of(engine);
  }
}

std::size_t stored_jobs_shared::add(std::span<const job> jobs) {
  std::vector<scrape::new_job> fresh;
  fresh.reserve(jobs.size());
  for (const auto& what : jobs) {
    auto key = request_key(what);
    fresh.emplace_back(key, key, 0, lane_number(what.engine));
  }
  const std::lock_guard lock(mutex_);
  return file_.add(fresh);
}

std::size_t stored_jobs_shared::retry_failed() {
  const std::lock_guard lock(mutex_);
  return file_.retry_failed();
}

scrape::frontier_counts stored_jobs_shared::counts() const {
  const std::lock_guard lock(mutex_);
  return file_.counts();
}

bool stored_jobs_shared::has_mark() const {
  const std::lock_guard lock(mutex_);
  return file_.has_mark();
}

std::uint64_t stored_jobs_shared::mark() const {
  const std::lock_guard lock(mutex_);
  return file_.mark();
}

void stored_jobs_shared::set_mark(std::uint64_t position) {
  const std::lock_guard lock(mutex_);
  file_.finish({}, position);
}

void stored_jobs_shared::leave_lane(scrape::lanes::id which) {
  const std::lock_guard lock(mutex_);
  for (auto& [engine, own] : lanes_) own.empty = own.empty || own.target == which;
  refill_locked();
}

void stored_jobs_shared::refill() {
  const std::lock_guard lock(mutex_);
  refill_locked();
}

/// Half a window at a time at least: a transaction costs as much as many jobs.
void stored_jobs_shared::refill_locked() {
  const auto now = std::chrono::system_clock::now();
  bool over = true;
  for (auto& [engine, own] : lanes_) {
    if (!own.empty && own.in_memory <= window_ / 2) {
      const auto room = window_ - own.in_memory;
      auto taken = file_.take(room, now, own.number);
      own.empty = taken.size() < room;
      for (auto& one : taken) {
        auto what = job_of_key(one.text, options_, engines_);
        what.ticket = one.id;
        what.failed_before = std::move(one.reason);
        auto& target = lanes_[what.engine];
        ++target.in_memory;
        next_.add(std::move(what), target.target);
      }
    }
    over = over && own.empty;
  }
  if (over) next_.seal();
}

void stored_jobs_shared::finish(std::span<const ending> jobs, std::uint64_t mark) {
  std::vector<scrape::finished_job> done;
  done.reserve(jobs.size());
  for (const auto& one : jobs) done.emplace_back(one.what->ticket, one.failed).reason = one.reason;
  const std::lock_guard lock(mutex_);
  file_.finish(done, mark);
  for (const auto& one : jobs) --lanes_[one.what->engine].in_memory;
  refill_locked();
}

void stored_jobs_shared::sync() {
  const std::lock_guard lock(mutex_);
  file_.sync();
}

}  // namespace braid::fetch
