#pragma once

#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>
#include <string>

#include <braid/http/websocket.hpp>
#include <braid/runtime/semaphore.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "h2/liveness.hpp"
#include "websocket/control_pace.hpp"
#include "websocket/transport_stream.hpp"

namespace braid::http {

/// A WebSocket's connection. Reads and writes belong to it and not to the coroutines that wait for them, so that a
/// cancelled wait breaks nothing.
///
/// Lifetime: an operation under way keeps it alive; shut() ends them all. Threads: its context.
class websocket_state final : public std::enable_shared_from_this<websocket_state> {
 public:
  websocket_state(std::unique_ptr<net::transport> stream, const asio::any_io_executor& executor,
                  const websocket_options& options, std::string address);

  /// The opening handshake: `opening` are the fields of its request, Host among them.
  asio::awaitable<void> open(std::string target, headers opening, std::optional<duration> limit);

  asio::awaitable<void> send(std::string data, bool text);
  asio::awaitable<std::optional<websocket_message>> receive();
  asio::awaitable<void> close(std::uint16_t code, std::string reason);
  /// Closes without a farewell.
  void shut() noexcept;

  std::optional<websocket_close> closed() const;
  const std::string& protocol() const noexcept { return protocol_; }
  const headers& fields() const noexcept { return answered_; }

 private:
  struct watch : timer {
    websocket_state* owner = nullptr;
  };
  enum class late : std::uint8_t { no, handshake, idle, ping, send };
  using error_code = boost::system::error_code;
  using beast_stream = boost::beast::websocket::stream<transport_stream>;
  using beast_answer = boost::beast::websocket::response_type;

  void start_reading();
  void start_writing(bool text);
  void start_ping();
  void check_answer(const error_code& error, const beast_answer& answer);
  void on_control(boost::beast::websocket::frame_type kind, std::size_t payload);
  void on_received();
  void end_flood(std::string reason);
  [[noreturn]] void fail(const error_code& error, std::string_view doing) const;
  time_point write_moved() const;
  void give_up(late why);
  void schedule();
  void check();
  static void on_watch(timer& which);

  const websocket_options options_;
  const std::string address_;
  timer_queue& timers_;
  beast_stream stream_;
  watch watch_;
  h2::liveness liveness_;
  control_pace pace_;

  waiter opened_;
  std::optional<error_code> open_result_;
  std::string protocol_;
  headers answered_;

  waiter received_;
  std::string incoming_;
  using string_room = asio::dynamic_string_buffer<char, std::char_traits<char>, std::allocator<char>>;
  std::optional<string_room> room_;        // of the read under way, in incoming_
  std::optional<error_code> read_result_;  // of the read that has ended, until it is taken; a failure stays
  time_point awaited_{};                   // since when a message is
  time_point heard_{};
  bool reading_ = false;
  bool awaiting_ = false;

  semaphore turn_{1};
  waiter written_;
  std::string outgoing_;
  error_code write_error_;
  time_point begun_writing_{};
  bool writing_ = false;

  waiter ended_;
  std::optional<time_point> close_until_;
  std::optional<time_point> open_until_;
  late late_ = late::no;
  std::string flood_;               // what there was too much of
  std::uint64_t message_from_ = 0;  // bytes received before the message that is being read, and control frames since
  bool closing_ = false;            // a closing handshake was begun and has not ended
  bool pinging_ = false;
  bool shut_ = false;
};

}  // namespace braid::http
