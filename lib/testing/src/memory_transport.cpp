#include <algorithm>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>
#include <braid/testing/memory_transport.hpp>
#include <set>

namespace braid::testing {

namespace asio = boost::asio;
using boost::system::error_code;
using net::operation;

namespace {

/// Ends an operation from the context, never inside the call that brought its end about.
class finish {
 public:
  explicit finish(operation& op) : op_(&op) {}
  finish(finish&& other) noexcept : op_(std::exchange(other.op_, nullptr)) {}
  ~finish() {
    if (op_ != nullptr) op_->abandon();
  }
  void operator()() {
    operation& op = *std::exchange(op_, nullptr);
    op.complete(op.result.error);
  }

 private:
  operation* op_;
};

}  // namespace

/// One direction: bytes from a writer to a reader.
struct memory_transport::channel : std::enable_shared_from_this<channel> {
  explicit channel(std::size_t room) : capacity(std::max<std::size_t>(room, 1)) {}

  /// Both return true when the operation has ended.
  bool read(operation& op);
  bool write(operation& op);
  void settle();
  void end(operation*& slot, error_code error);
  void wait(operation*& slot, operation& op);
  void forget();

  std::size_t capacity;
  std::string bytes;
  std::vector<std::size_t> sizes;
  std::size_t next_size = 0;
  bool ended = false;        // nothing more is written
  bool reader_gone = false;  // nothing more is read
  error_code broken;         // for both ends
  operation* reader = nullptr;
  operation* writer = nullptr;
  pending_list* list = nullptr;  // where this channel is noted while an operation waits
};

/// The channels with waiting operations, so that the coroutines go when their context goes.
class memory_transport::pending_list : public asio::execution_context::service {
 public:
  using key_type = pending_list;

  explicit pending_list(asio::execution_context& context) : asio::execution_context::service(context) {}

  static pending_list& of(const asio::any_io_executor& executor) {
    return asio::use_service<pending_list>(asio::query(executor, asio::execution::context));
  }

  std::set<channel*> waiting;

 private:
  void shutdown() override {
    while (!waiting.empty()) {
      const std::shared_ptr<channel> one = (*waiting.begin())->shared_from_this();
      operation* ops[] = {std::exchange(one->reader, nullptr), std::exchange(one->writer, nullptr)};
      one->forget();
      for (operation* op : ops) {
        if (op != nullptr) op->abandon();
      }
    }
  }
};

bool memory_transport::channel::read(operation& op) {
  if (op.into.size() == 0) return true;
  if (broken) {
    op.result.error = broken;
    return true;
  }
  std::size_t count = std::min(op.into.size(), bytes.size());
  if (count > 0 && !sizes.empty()) {
    count = std::min(count, std::max<std::size_t>(sizes[next_size], 1));
    next_size = std::min(next_size + 1, sizes.size() - 1);
  }
  std::copy_n(bytes.data(), count, static_cast<char*>(op.into.data()));
  bytes.erase(0, count);
  op.result.size = count;
  if (count == 0 && ended) op.result.error = asio::error::eof;
  return count > 0 || ended;
}

bool memory_transport::channel::write(operation& op) {
  const std::size_t total = asio::buffer_size(op.from);
  if (broken || reader_gone || ended) {
    op.result.error = broken ? broken : error_code(asio::error::broken_pipe);
    return true;
  }
  std::size_t skip = op.result.size;
  for (asio::const_buffer part : op.from) {
    const std::size_t skipped = std::min(skip, part.size());
    part += skipped;
    skip -= skipped;
    const std::size_t count = std::min(part.size(), capacity - bytes.size());
    bytes.append(static_cast<const char*>(part.data()), count);
    op.result.size += count;
    if (count < part.size()) break;
  }
  return op.result.size == total;
}

/// After a change: whoever waits gets as far as it can.
void memory_transport::channel::settle() {
  for (bool moved = true; moved;) {
    moved = false;
    if (reader != nullptr && read(*reader)) {
      end(reader, reader->result.error);
      moved = true;
    }
    if (writer != nullptr) {
      const std::size_t before = writer->result.size;
      const bool over = write(*writer);
      moved |= over || writer->result.size != before;
      if (over) end(writer, writer->result.error);
    }
  }
}

void memory_transport::channel::end(operation*& slot, error_code error) {
  if (slot == nullptr) return;
  operation& op = *std::exchange(slot, nullptr);
  forget();
  op.result.error = error;
  const asio::any_io_executor executor = op.executor();
  asio::post(executor, finish(op));
}

void memory_transport::channel::wait(operation*& slot, operation& op) {
  slot = &op;
  list = &pending_list::of(op.executor());
  list->waiting.insert(this);
}

void memory_transport::channel::forget() {
  if (list != nullptr && reader == nullptr && writer == nullptr) std::exchange(list, nullptr)->waiting.erase(this);
}

memory_transport::pair memory_transport::make_pair(std::size_t capacity) {
  auto there = std::make_shared<channel>(capacity);
  auto back = std::make_shared<channel>(capacity);
  pair ends;
  ends.first.reset(new memory_transport(back, there));
  ends.second.reset(new memory_transport(there, back));
  return ends;
}

memory_transport::memory_transport(std::shared_ptr<channel> incoming, std::shared_ptr<channel> outgoing)
    : in_(std::move(incoming)), out_(std::move(outgoing)) {}

memory_transport::~memory_transport() { close(); }

void memory_transport::read_sizes(std::vector<std::size_t> sizes) {
  in_->sizes = std::move(sizes);
  in_->next_size = 0;
}

void memory_transport::reset() noexcept {
  for (channel* direction : {in_.get(), out_.get()}) {
    direction->bytes.clear();
    direction->broken = asio::error::connection_reset;
    direction->settle();
  }
}

std::string_view memory_transport::unread() const noexcept { return in_->bytes; }

void memory_transport::cancel() noexcept {
  in_->end(in_->reader, asio::error::operation_aborted);
  out_->end(out_->writer, asio::error::operation_aborted);
}

void memory_transport::close() noexcept {
  if (!std::exchange(open_, false)) return;
  cancel();
  in_->reader_gone = true;
  in_->settle();
  out_->ended = true;
  out_->settle();
}

bool memory_transport::is_quiet() noexcept {
  return open_ && in_->reader == nullptr && in_->bytes.empty() && !in_->ended && !in_->broken;
}

bool memory_transport::try_read(operation& op) {
  if (!open_) op.result.error = asio::error::bad_descriptor;
  if (open_ && !in_->read(op)) return false;
  ++reads_;
  in_->settle();
  return true;
}

void memory_transport::start_read(operation& op) {
  ++reads_;
  in_->wait(in_->reader, op);
}

bool memory_transport::try_write(operation& op) {
  if (!open_) op.result.error = asio::error::bad_descriptor;
  const bool over = !open_ || out_->write(op);
  if (over) ++writes_;
  out_->settle();
  return over;
}

void memory_transport::start_write(operation& op) {
  ++writes_;
  out_->wait(out_->writer, op);
  out_->settle();
}

bool memory_transport::try_shutdown(operation&) {
  out_->ended = true;
  out_->settle();
  return true;
}

void memory_transport::start_shutdown(operation&) {}

void memory_transport::cancel(operation& op) noexcept {
  if (in_->reader == &op) in_->end(in_->reader, asio::error::operation_aborted);
  if (out_->writer == &op) out_->end(out_->writer, asio::error::operation_aborted);
}

}  // namespace braid::testing
