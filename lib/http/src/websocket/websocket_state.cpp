#include "websocket/websocket_state.hpp"

#include <algorithm>
#include <boost/asio/prefer.hpp>

#include "websocket/masks.hpp"

namespace braid::http {

namespace {

namespace beast_ws = boost::beast::websocket;

/// Bytes of a frame that is sent: Beast's own choice, 4 KiB, costs a system call for so little.
constexpr std::size_t frame_bytes = 32 * 1024;

/// Bytes that frames may take beside what is in them: of small ones with a byte each that is twice as much.
constexpr std::uint64_t framing_share = 8;
constexpr std::uint64_t framing_slack = 256 * 1024;  // above what one read brings

}  // namespace

websocket_state::websocket_state(std::unique_ptr<net::transport> stream, const asio::any_io_executor& executor,
                                 const websocket_options& options, std::string address)
    : options_(options),
      address_(std::move(address)),
      timers_(timer_queue::of(executor)),
      // A read under way is no work that keeps a context from ending; the coroutine that waits for it is.
      stream_(std::move(stream), asio::prefer(executor, asio::execution::outstanding_work.untracked)),
      liveness_(options.ping_after, options.ping_timeout, timers_.now()),
      pace_(options.control_frames, timers_.now()) {
  watch_.owner = this;
  stream_.set_option(
      beast_ws::stream_base::timeout{beast_ws::stream_base::none(), beast_ws::stream_base::none(), false});
  beast_ws::permessage_deflate deflate;
  deflate.client_enable = options.compress;
  deflate.server_enable = false;
  stream_.set_option(deflate);
  stream_.read_message_max(options.message_bytes);
  stream_.write_buffer_bytes(frame_bytes);
  stream_.control_callback([this](beast_ws::frame_type kind, auto payload) { on_control(kind, payload.size()); });
  stream_.next_layer().on_received([this] { on_received(); });
}

void websocket_state::shut() noexcept {
  shut_ = true;
  watch_.disarm();
  stream_.next_layer().below().close();
}

// --- messages --------------------------------------------------------------------------------------------------------

void websocket_state::start_reading() {
  incoming_.clear();
  room_.emplace(incoming_);
  message_from_ = stream_.next_layer().received();
  reading_ = true;
  stream_.async_read(*room_, [self = shared_from_this()](error_code error, std::size_t) {
    self->reading_ = false;
    self->incoming_.resize(self->room_->size());
    self->read_result_ = error;
    self->received_.wake();
  });
}

asio::awaitable<std::optional<websocket_message>> websocket_state::receive() {
  const std::shared_ptr<websocket_state> keep = shared_from_this();
  awaited_ = timers_.now();
  if (!reading_) liveness_.resumed(awaited_);
  awaiting_ = true;
  while (!read_result_) {
    if (!reading_) start_reading();
    schedule();
    const bool woken = co_await received_.wait_quietly();
    if (!woken) {
      awaiting_ = false;
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
  awaiting_ = false;
  if (*read_result_ == beast_ws::error::closed) co_return std::nullopt;
  if (*read_result_) fail(*read_result_, "receiving");
  read_result_.reset();
  websocket_message out;
  out.text = stream_.got_text();
  out.data = std::move(incoming_);
  co_return out;
}

void websocket_state::start_writing(bool text) {
  writing_ = true;
  begun_writing_ = timers_.now();
  stream_.text(text);
  schedule();
  stream_.async_write(asio::buffer(outgoing_), [self = shared_from_this()](error_code error, std::size_t) {
    self->writing_ = false;
    self->write_error_ = error;
    self->written_.wake();
  });
}

asio::awaitable<void> websocket_state::send(std::string data, bool text) {
  const std::shared_ptr<websocket_state> keep = shared_from_this();
  const permit mine = co_await turn_.acquire();
  while (writing_) co_await written_.wait();  // a message whose sender was cancelled
  if (!write_error_) {
    outgoing_ = std::move(data);
    start_writing(text);
    while (writing_) co_await written_.wait();
  }
  if (write_error_) fail(write_error_, "sending");
}

// --- control frames and the end --------------------------------------------------------------------------------------

void websocket_state::on_control(beast_ws::frame_type kind, std::size_t payload) {
  masks_taken(1);  // the answer's, which may wait for its turn to be written
  message_from_ += 2 + payload;
  const bool fits = pace_.take(timers_.now());
  if (kind == beast_ws::frame_type::close || fits) return;
  end_flood("more than " + std::to_string(options_.control_frames) + " control frames in a second");
}

/// A message may come in as many frames as its sender likes, empty ones too, and that without end: what they cost has
/// to stand in some relation to what they bring.
void websocket_state::on_received() {
  if (!reading_) return;
  const std::uint64_t bytes = stream_.next_layer().received();
  const std::uint64_t most = framing_slack + framing_share * room_->size();
  if (bytes > message_from_ + most) end_flood("frames that bring nothing on");
}

void websocket_state::end_flood(std::string reason) {
  flood_ = std::move(reason);
  stream_.next_layer().below().close();
}

void websocket_state::start_ping() {
  if (pinging_) return;
  pinging_ = true;
  masks_taken(1);
  stream_.async_ping({}, [self = shared_from_this()](error_code) { self->pinging_ = false; });
}

asio::awaitable<void> websocket_state::close(std::uint16_t code, std::string reason) {
  const std::shared_ptr<websocket_state> keep = shared_from_this();
  if (!stream_.is_open() || closing_) co_return shut();
  closing_ = true;
  close_until_ = timers_.now() + options_.close;
  schedule();
  masks_taken(1);
  stream_.async_close({beast_ws::close_code(code), reason.c_str()}, [self = keep](error_code) {
    self->closing_ = false;
    self->ended_.wake();
  });
  while (closing_) co_await ended_.wait();
  shut();
}

std::optional<websocket_close> websocket_state::closed() const {
  if (!read_result_ || *read_result_ != beast_ws::error::closed) return std::nullopt;
  websocket_close out;
  out.code = stream_.reason().code == beast_ws::close_code::none ? std::uint16_t{1005} : stream_.reason().code;
  out.reason.assign(stream_.reason().reason.data(), stream_.reason().reason.size());
  return out;
}

// --- time ------------------------------------------------------------------------------------------------------------

/// When the message that is being sent last got further.
time_point websocket_state::write_moved() const { return std::max(begun_writing_, stream_.next_layer().sent()); }

void websocket_state::schedule() {
  time_point when = time_point::max();
  if (open_until_) when = std::min(when, *open_until_);
  if (close_until_) when = std::min(when, *close_until_);
  if (awaiting_) when = std::min(when, liveness_.next());
  if (awaiting_ && options_.idle) when = std::min(when, awaited_ + *options_.idle);
  if (writing_ && options_.send) when = std::min(when, write_moved() + *options_.send);
  // What is due already is looked at once more by the timer, never from here.
  if (when != time_point::max() && !shut_) watch_.arm(timers_, when, &websocket_state::on_watch);
}

void websocket_state::on_watch(timer& which) { static_cast<watch&>(which).owner->check(); }

void websocket_state::check() {
  const std::shared_ptr<websocket_state> keep = shared_from_this();
  const time_point now = timers_.now();
  transport_stream& below = stream_.next_layer();
  if (open_until_ && now >= *open_until_) return give_up(late::handshake);
  if (close_until_ && now >= *close_until_) return give_up(late::no);
  if (awaiting_) {
    if (below.heard() > awaited_ && below.heard() > heard_) liveness_.heard(heard_ = below.heard());
    switch (liveness_.check(now)) {
      case h2::liveness::verdict::dead:
        return give_up(late::ping);
      case h2::liveness::verdict::ask:
        liveness_.asked(now);
        start_ping();
        break;
      case h2::liveness::verdict::alive:
        break;
    }
    if (options_.idle && now >= awaited_ + *options_.idle) return give_up(late::idle);
  }
  if (writing_ && options_.send && now >= write_moved() + *options_.send) return give_up(late::send);
  schedule();
}

void websocket_state::give_up(late why) {
  late_ = why;
  stream_.next_layer().below().close();
}

}  // namespace braid::http
