#include "tls_transport.hpp"

#include <algorithm>
#include <array>

namespace braid::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t record_size = 16 * 1024;
/// Encrypted ahead of the stream below at most.
constexpr std::size_t batch_size = 64 * 1024;

}  // namespace

/// Reading and writing are two loops that share the session: each goes on until its operation has ended or the stream
/// below has to wait. Reading may give rise to output (answers to key updates), which the same sender takes along.
class tls_transport::state {
 public:
  state(std::unique_ptr<transport> stream, std::unique_ptr<tls_session> made)
      : below(std::move(stream)), session(std::move(made)) {}

  bool read_some();
  bool write_all(operation& op);
  void start_reading(operation& op);
  void start_writing(operation& op);
  void end_pending() noexcept;
  void release() noexcept;
  bool idle() const noexcept { return !receiving_ && !sending_; }
  bool is_quiet() noexcept;

  std::unique_ptr<transport> below;
  std::unique_ptr<tls_session> session;
  operation* reader = nullptr;
  operation* writer = nullptr;
  bool said_goodbye = false;
  bool orphaned = false;

  /// An operation of the stream below, whose end goes on with ours.
  struct inner : operation {
    inner(state& own, finish_function finish) : operation(finish), owner(own) {}
    state& owner;
  };
  inner receive{*this, &received};
  inner send{*this, &sent};

 private:
  static void received(operation& op, bool abandoned);
  static void sent(operation& op, bool abandoned);
  bool try_fill();
  void take_received();
  bool flush();
  void launch_send(const asio::any_io_executor& executor);
  bool encrypt_batch(operation& op);
  void abandon_waiters();
  bool finished_with_state() noexcept;

  std::vector<char> in_flight_;
  asio::const_buffer in_flight_view_;
  error_code send_error_;
  bool receiving_ = false;
  bool sending_ = false;  // `send` is with the stream below
  bool unsent_ = false;   // `send` holds bytes that its try could not place: it has to be started
};

// ---- reading

/// True when `reader` has ended.
bool tls_transport::state::read_some() {
  operation& op = *reader;
  op.take_room();
  for (;;) {
    switch (session->read(op.into.data(), op.into.size(), op.result.size)) {
      case tls_session::step::done:
        return true;
      case tls_session::step::closed:
        op.result.error = asio::error::eof;
        return true;
      case tls_session::step::failed:
        op.result.error = session->error();
        return true;
      case tls_session::step::want_input:
        if (!try_fill()) {
          op.put_room_back();
          return false;
        }
        if (receive.result.error && receive.result.error != asio::error::eof) {
          op.result.error = receive.result.error;
          return true;
        }
    }
  }
}

/// Asks the stream below for ciphertext that is there already.
bool tls_transport::state::try_fill() {
  const std::span<char> room = session->input();
  receive.into = asio::buffer(room.data(), room.size());
  receive.result = {};
  if (!below->try_read(receive)) return false;
  take_received();
  return true;
}

void tls_transport::state::take_received() {
  session->take_input(receive.result.size);
  if (receive.result.error == asio::error::eof) session->input_ended();
}

void tls_transport::state::start_reading(operation& op) {
  flush();
  launch_send(op.executor());
  receive.set_executor(op.executor());
  receiving_ = true;
  below->start_read(receive);
}

void tls_transport::state::received(operation& inner_op, bool abandoned) {
  state& self = static_cast<inner&>(inner_op).owner;
  self.receiving_ = false;
  if (abandoned) return self.abandon_waiters();
  operation* op = self.reader;
  self.take_received();
  const error_code error = self.receive.result.error;
  if (error && error != asio::error::eof) {
    op->result.error = error;
  } else if (!self.read_some()) {
    return self.start_reading(*op);
  }
  self.reader = nullptr;
  self.release();
  op->complete(op->result.error);
}

/// What has arrived unasked may be the server's offers of sessions, which are no reason to give a connection up: they
/// are taken in.
bool tls_transport::state::is_quiet() noexcept {
  constexpr int most = 8;  // a server that has still more to offer is not worth the time
  if (!idle() || unsent_) return false;
  for (int i = 0; i < most; ++i) {
    if (!session->is_drained()) return false;
    if (below->is_quiet()) return true;
    char byte = 0;
    std::size_t size = 0;
    if (!below->is_open() || !try_fill() || receive.result.error) return false;
    if (session->read(&byte, 1, size) != tls_session::step::want_input) return false;
  }
  return false;
}

// ---- writing

/// Hands output of the session to the stream below. False when that has to wait, or waits already.
bool tls_transport::state::flush() {
  while (!sending_ && !unsent_) {
    if (send_error_) return true;
    if (session->output().empty()) return true;
    in_flight_.swap(session->output());
    session->output().clear();
    in_flight_view_ = asio::buffer(in_flight_);
    send.from = std::span(&in_flight_view_, 1);
    send.result = {};
    if (!below->try_write(send)) {
      unsent_ = true;
    } else {
      send_error_ = send.result.error;
    }
  }
  return false;
}

void tls_transport::state::launch_send(const asio::any_io_executor& executor) {
  if (!unsent_) return;
  unsent_ = false;
  sending_ = true;
  send.set_executor(executor);
  below->start_write(send);
}

/// Encrypts the next part of `op`, small pieces together in one record. False when the session has failed.
bool tls_transport::state::encrypt_batch(operation& op) {
  std::size_t skip = op.result.size;
  std::size_t batch = 0;
  std::size_t held = 0;
  thread_local std::array<char, record_size> gathered;  // used up before this function returns
  const auto put = [&](const void* data, std::size_t size) {
    return session->write(data, size) == tls_session::step::done;
  };
  for (asio::const_buffer part : op.from) {
    const std::size_t skipped = std::min(skip, part.size());
    skip -= skipped;
    part += skipped;
    while (part.size() > 0 && batch < batch_size) {
      // A full record goes in as it lies; what is less waits for the piece behind it.
      if (held == 0 && part.size() >= record_size) {
        if (!put(part.data(), record_size)) return false;
        part += record_size;
        batch += record_size;
        continue;
      }
      const std::size_t taken = std::min(part.size(), record_size - held);
      std::copy_n(static_cast<const char*>(part.data()), taken, gathered.data() + held);
      held += taken;
      part += taken;
      batch += taken;
      if (held == record_size) {
        if (!put(gathered.data(), held)) return false;
        held = 0;
      }
    }
  }
  if (held > 0 && !put(gathered.data(), held)) return false;
  op.result.size += batch;
  return true;
}

/// True when `op` has ended: all of it is with the stream below, or something failed.
bool tls_transport::state::write_all(operation& op) {
  const std::size_t total = asio::buffer_size(op.from);
  for (;;) {
    if (!flush()) return false;
    if (send_error_) {
      op.result.error = send_error_;
      return true;
    }
    if (op.result.size == total) return true;
    if (!encrypt_batch(op)) {
      op.result.error = session->error();
      return true;
    }
  }
}

void tls_transport::state::start_writing(operation& op) {
  writer = &op;
  launch_send(op.executor());
}

void tls_transport::state::sent(operation& inner_op, bool abandoned) {
  state& self = static_cast<inner&>(inner_op).owner;
  self.sending_ = false;
  if (abandoned) return self.abandon_waiters();
  self.send_error_ = self.send.result.error;
  operation* op = self.writer;
  const asio::any_io_executor executor = self.send.executor();
  if (op == nullptr || !self.write_all(*op)) {
    if (op == nullptr) self.flush();
    self.launch_send(executor);
    if (op == nullptr) self.release();
    return;
  }
  self.writer = nullptr;
  self.release();
  op->complete(op->result.error);
}

// ---- ends

/// Deletes the state when the transport is gone and nothing will call back.
void tls_transport::state::release() noexcept {
  if (orphaned && idle()) delete this;
}

void tls_transport::state::abandon_waiters() {
  operation* waiting[] = {std::exchange(reader, nullptr), std::exchange(writer, nullptr)};
  release();
  for (operation* op : waiting) {
    if (op != nullptr) op->abandon();
  }
}

tls_transport::tls_transport(std::unique_ptr<transport> below, std::unique_ptr<tls_session> session)
    : state_(new state(std::move(below), std::move(session))) {}

tls_transport::~tls_transport() {
  state_->below->close();
  state_->orphaned = true;
  state_->release();
}

void tls_transport::cancel() noexcept { state_->below->cancel(); }
void tls_transport::close() noexcept { state_->below->close(); }
void tls_transport::reset() noexcept { state_->below->reset(); }
bool tls_transport::is_open() const noexcept { return state_->below->is_open(); }

bool tls_transport::is_quiet() noexcept { return state_->is_quiet(); }

std::string tls_transport::peer_description() const { return state_->below->peer_description(); }
std::string tls_transport::local_description() const { return state_->below->local_description(); }
std::string_view tls_transport::application_protocol() const noexcept {
  return state_->session->application_protocol();
}

bool tls_transport::is_good_for(std::string_view host) const { return state_->session->is_good_for(host); }
std::vector<std::string> tls_transport::peer_certificates() const { return state_->session->peer_certificates(); }
bool tls_transport::resumed_session() const noexcept { return state_->session->resumed(); }

bool tls_transport::try_read(operation& op) {
  if (op.into.size() == 0 && !op.room) return true;
  state_->reader = &op;
  if (!state_->read_some()) return false;
  state_->reader = nullptr;
  return true;
}

void tls_transport::start_read(operation& op) { state_->start_reading(op); }
bool tls_transport::try_write(operation& op) { return state_->write_all(op); }
void tls_transport::start_write(operation& op) { state_->start_writing(op); }

bool tls_transport::try_shutdown(operation& op) {
  if (!std::exchange(state_->said_goodbye, true)) state_->session->say_goodbye();
  return state_->write_all(op);
}

void tls_transport::start_shutdown(operation& op) { state_->start_writing(op); }

void tls_transport::cancel(operation& op) noexcept {
  if (state_->reader == &op) state_->below->cancel(state_->receive);
  if (state_->writer == &op) state_->below->cancel(state_->send);
}

}  // namespace braid::net
