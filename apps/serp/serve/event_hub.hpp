#pragma once

#include <braid/runtime/shared_channel.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace braid::serve {

/// One event as it goes over the wire (WHATWG HTML, 9.2.6). `data` is one line.
std::string event_text(std::string_view name, std::string_view data);

/// Tells who listens what happens to tasks, and now and then that the stream is alive.
///
/// Threads: shared by all contexts.
/// Limits: `most` listeners; each has a queue of `queue` events, and one who does not keep up is told that it missed
/// some.
class event_hub_shared {
 public:
  using event = std::shared_ptr<const std::string>;

  /// A place among those who listen, as long as it lives.
  class listener {
   public:
    /// The next event; nullopt when the hub is closed. Throws as shared_channel does when cancelled.
    awaitable<std::optional<event>> next() { return queue_.receive(); }

   private:
    friend class event_hub_shared;
    listener(std::string owner, std::string task, std::size_t queue)
        : owner_(std::move(owner)), task_(std::move(task)), queue_(queue) {}

    const std::string owner_, task_;  // an empty task: all of the owner's
    unsigned turn_ = 0;               // of its sign of life
    shared_channel<event> queue_;
    bool missed_ = false;
  };

  explicit event_hub_shared(std::size_t most = 20'000, std::size_t queue = 256) : most_(most), queue_(queue) {}

  /// Null when there are too many.
  std::shared_ptr<listener> listen(std::string owner, std::string task);
  /// What happened to a task.
  void tell(std::string_view owner, std::string_view task, std::string_view name, std::string_view data);
  /// What concerns everybody who listens to all tasks.
  void tell_all(std::string_view name, std::string_view data);
  /// A sign of life, which clients pass over and proxies see, for those whose turn it is: everybody's comes once in
  /// `turns` calls, so that thousands of them do not come at once.
  void beat();
  static constexpr unsigned turns = 15;
  static bool is_sign_of_life(const event& what) { return what->starts_with(':'); }

  /// No more events: listeners end.
  void close();

  std::size_t listeners() const;

 private:
  void put(listener& to, const event& what);

  const std::size_t most_, queue_;
  mutable std::mutex mutex_;
  std::list<std::weak_ptr<listener>> listeners_;
  unsigned next_turn_ = 0, turn_ = 0;
  bool closed_ = false;
};

}  // namespace braid::serve
