#include "server/connection_set.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace braid::http {

struct connection_set::member {
  member(std::unique_ptr<net::transport> stream, const std::shared_ptr<const server_shared>& shared,
         const boost::asio::any_io_executor& executor, std::size_t at)
      : connection(std::move(stream), shared, executor), place(at) {}

  server_connection connection;
  std::size_t place;
};

connection_set::connection_set(std::shared_ptr<const server_shared> shared, boost::asio::any_io_executor executor)
    : shared_(std::move(shared)), executor_(std::move(executor)) {
  deadline_.owner = this;
}

connection_set::~connection_set() = default;

void connection_set::add(std::unique_ptr<net::transport> stream) {
  auto owned = std::make_unique<member>(std::move(stream), shared_, executor_, open_.size());
  member& added = *owned;
  open_.push_back(&added);
  if (draining_) added.connection.drain();
  // Not detached: drain() waits for every one of these handlers.
  boost::asio::co_spawn(executor_, added.connection.run(),
                        boost::asio::bind_cancellation_slot(
                            added.connection.signal().slot(),
                            [this, owned = std::move(owned)](const std::exception_ptr&) { remove(*owned); }));
}

void connection_set::remove(member& which) {
  open_.back()->place = which.place;
  open_[which.place] = open_.back();
  open_.pop_back();
  if (fewer_.waiting()) fewer_.wake();
}

void connection_set::abort_all() {
  // A connection may end, and leave the list, while it is being cut off.
  const std::vector<member*> all = open_;
  for (member* each : all) each->connection.abort();
}

boost::asio::awaitable<void> connection_set::wait_below(std::size_t limit) {
  while (open_.size() >= limit) co_await fewer_.wait();
}

boost::asio::awaitable<void> connection_set::drain(duration bound) {
  draining_ = true;
  for (member* each : open_) each->connection.drain();
  timer_queue& timers = timer_queue::of(executor_);
  deadline_.arm(timers, timers.now() + bound, [](timer& which) { static_cast<deadline&>(which).owner->abort_all(); });
  while (!open_.empty()) {
    co_await fewer_.wait_and_tell(
        [](void* self, boost::asio::cancellation_type) { static_cast<connection_set*>(self)->abort_all(); }, this);
  }
  deadline_.disarm();
}

}  // namespace braid::http
