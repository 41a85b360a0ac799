#pragma once

#include <braid/core/clock.hpp>
#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace braid::scrape {

/// Who may go next when jobs stand in lanes, one for each target, and share a number of slots. A plain function of
/// state and time: it knows how many jobs stand where, not which.
///
/// The lane with the fewest jobs under way goes first, so that a target that does not answer ends up with its share of
/// the slots and no more. While others have work, a lane also leaves a slot free for each of them (but never less than
/// half of all for itself), so that those which may go rarely find one when it is their turn. A lane that waits, for
/// its turn or because it is held, takes no slot.
///
/// Limits: picking looks at every lane; meant for some hundreds.
class lanes {
 public:
  using id = std::size_t;
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  /// `interval` is the time between two starts; even spacing rather than bursts, which search engines notice.
  id add(duration interval = duration::zero());

  /// How many jobs may be under way in all lanes together.
  void set_slots(std::size_t slots) { slots_ = slots; }
  /// How many jobs of a lane may be under way.
  void set_limit(id which, std::size_t limit) { lanes_[which].limit = limit; }
  /// Nothing of this lane goes before `until`. Of several the latest holds.
  void hold(id which, time_point until);

  /// A job has come into the lane.
  void queue(id which) { ++lanes_[which].queued; }
  /// All that stand in it have left.
  void clear(id which) { lanes_[which].queued = 0; }
  /// pick() would find somebody.
  bool ready(time_point now) const { return best(now) != nullptr; }
  /// Takes a job, a slot and a turn; nullopt when nobody may go now.
  std::optional<id> pick(time_point now);
  /// A job picked is over, and its slot free.
  void release(id which) { --lanes_[which].under_way; }

  /// The earliest moment after `now` at which a lane may go that has jobs and only waits for that moment.
  std::optional<time_point> next_moment(time_point now) const;

  std::size_t under_way(id which) const { return lanes_[which].under_way; }
  std::size_t queued(id which) const { return lanes_[which].queued; }

 private:
  struct lane {
    duration interval{};
    time_point turn = time_point::min();
    time_point held = time_point::min();
    std::size_t limit = no_limit;
    std::size_t queued = 0;
    std::size_t under_way = 0;
    std::size_t last = 0;  // when it went last, counted in jobs
  };

  /// Most jobs of one lane under way, with what it leaves free for the others.
  std::size_t share(time_point now) const;
  const lane* best(time_point now) const;

  std::vector<lane> lanes_;
  std::size_t slots_ = no_limit;
  std::size_t picked_ = 0;
};

}  // namespace braid::scrape
