#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <braid/http/events.hpp>
#include <braid/http/request.hpp>
#include <braid/http/response.hpp>
#include <braid/net/connector.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>

#include "client/client_state.hpp"
#include "client/content_decoder.hpp"
#include "client/pool.hpp"
#include "client/redirect.hpp"
#include "recycled.hpp"

namespace braid::http {

/// A request on its way, with its redirects and the one repetition that a stale connection may cost, up to the end of
/// the final body. One timer bounds all its waits; the phase says what its end means.
///
/// Lifetime: destroyed before the end of the body, it closes the connection; the pool never sees a half-read one.
class exchange final : public recycled<exchange> {
 public:
  exchange(std::shared_ptr<const client_state> client, request&& what);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  /// Starts the clock, on the context of `executor`.
  void start(const boost::asio::any_io_executor& executor);
  /// Sends the request, follows redirects, and returns when the final response's head is there.
  boost::asio::awaitable<void> begin();
  /// After begin(), once and before the body: the head.
  void take_head(response_head& head);
  /// After begin(): all of the body has come as well, so that nothing of it has to be waited for.
  bool is_complete() const;

  /// Takes the part of the body that has already been received. True when that completes it.
  bool take_received(std::string& body);
  /// Receives the rest.
  boost::asio::awaitable<void> read_body(std::string& body);
  /// The next piece of the body, valid until the next call; empty at the end.
  boost::asio::awaitable<std::string_view> read_some();
  /// From here on there is no bound on the time of the whole, and none on the body.
  void become_stream() noexcept;
  /// After the body, unless it was streamed: what only the end tells, and what the exchange needs no longer.
  void finish(response_head& head);

  /// What came behind the body; null for nothing, and before its end.
  const std::shared_ptr<const headers>& trailers() const noexcept { return trailers_; }
  /// Whether somebody is told of phases: client_options::events.
  bool is_observed() const noexcept { return static_cast<bool>(client_->options.events); }
  /// Tells of the first failure only.
  void tell_failure(const std::exception_ptr& failure);

  /// "GET http://h/", for messages.
  std::string description() const;

 private:
  enum class phase : std::uint8_t { none, pace, queue, first_byte, send, receive, expect };
  struct deadline : timer {
    exchange* owner = nullptr;
  };

  // acquiring a connection
  void choose_proxy();
  bool names_whole_url() const;
  pool_book::host& destination();
  bool reuse();
  boost::asio::awaitable<void> acquire();
  boost::asio::awaitable<void> wait_for_pace();
  boost::asio::awaitable<bool> wait_for_turn();
  boost::asio::awaitable<void> connect();
  bool may_join_another() const;
  boost::asio::awaitable<bool> join_another(const std::optional<duration>& limit);
  bool was_misdirected();
  net::tunnel_tap tunnel_tap() const;
  bool asks_for_http2() const;
  boost::asio::awaitable<void> go_over_to_http2();
  void take_place(h2_connection& on);
  void release();
  void abandon() noexcept;

  // the request
  std::span<const boost::asio::const_buffer> encode();
  void listen();
  void encode_head(std::string& out);
  url cookie_url() const;
  boost::asio::awaitable<void> send_stream();
  bool has_more_to_send() const;
  boost::asio::awaitable<void> send_rest();
  bool expects_continue() const;
  boost::asio::awaitable<bool> wait_for_continue();
  boost::asio::awaitable<void> send_body();
  [[noreturn]] void fail_without_head();
  void tell(wire_event what, std::string_view bytes) const;

  // over a shared connection
  boost::asio::awaitable<bool> begin_shared();
  boost::asio::awaitable<bool> is_continued();
  boost::asio::awaitable<void> send_pieces();
  boost::asio::awaitable<void> wait_for_change();
  bool may_repeat();
  void leave_place() noexcept;

  // the response
  incoming_response::event next_event();
  bool decode_head();
  bool take_read();
  bool is_stale();
  boost::asio::awaitable<void> receive();
  std::unique_ptr<redirect_step> next_hop();
  std::unique_ptr<redirect_step> redirected();
  bool may_answer_proxy();
  boost::asio::awaitable<void> go_to(std::unique_ptr<redirect_step> step);
  void take_piece(std::string& body, std::string_view piece);
  std::string_view decoded_piece();
  void append(std::string& body, std::string_view piece) const;
  bool direct() const;
  void end_of_body();

  // what observers are told
  void tell_phase(request_phase what, std::optional<duration> took = {}, std::string_view reason = {});
  void tell_connecting(const net::connect_timings& took);

  // time
  void enter(phase what);
  static void expired(timer& which);

  // failure
  std::string how_far() const;
  [[noreturn]] void fail_decoding();
  [[noreturn]] void fail_io(const boost::system::error_code& error);
  [[noreturn]] void fail_over_limit() const;
  [[noreturn]] void fail_late();
  [[noreturn]] void rethrow_with_description(const std::exception_ptr& failure) const;

  std::shared_ptr<const client_state> client_;
  std::shared_ptr<client_pool> pool_;
  request request_;
  const net::proxy* proxy_ = nullptr;  // of the present hop
  deadline deadline_;
  net::io_wait io_;
  // One of these two while there is a connection, and what comes over it.
  client_connection* connection_ = nullptr;
  std::unique_ptr<h2_stream> stream_;
  incoming_response* from_ = nullptr;
  pool_book::host* slot_ = nullptr;  // a place in the pool without a connection
  waiter* in_queue_ = nullptr;       // while there
  std::unique_ptr<content_decoder> coding_;
  std::string_view coded_;  // of the piece that is being decoded
  std::array<boost::asio::const_buffer, 2> pieces_;
  request_timings timings_;
  std::shared_ptr<const headers> trailers_;
  time_point began_;
  time_point last_phase_;  // where the present one began, for observers
  time_point sent_at_;     // when the wait for a response began
  std::vector<redirect_hop> history_;
  std::uint64_t number_ = 0;
  time_point progress_;  // when a byte last moved
  time_point total_end_ = time_point::max();
  std::uint64_t received_ = 0;  // of the body, coded
  std::uint64_t sent_seen_ = 0;
  unsigned redirects_ = 0;
  std::string proxy_sent_;    // its Proxy-Authorization, of the last request
  unsigned proxy_turns_ = 0;  // requests that it refused and that were worth another
  unsigned refusals_ = 0;     // of servers that did not look at the request
  phase phase_ = phase::none;
  phase expired_ = phase::none;
  bool expired_total_ = false;
  bool credentials_ = true;  // still at the origin the request was made for
  bool http1_ = false;       // the server does not take this over HTTP/2
  bool paced_ = false;       // the present hop has had its turn (client_options::rates)
  bool visiting_ = false;    // the connection was made for another origin
  bool alone_ = false;       // none of another origin: this one answers for itself only
  bool upgraded_ = false;    // stream_ carries on what was asked over HTTP/1.1
  bool fresh_ = false;       // do not reuse: a kept connection was stale
  bool reused_ = false;
  bool answered_ = false;  // a byte of the response came
  bool sent_all_ = false;
  bool source_begun_ = false;  // some of the body's source is used up
  bool repeated_ = false;      // after a shared connection was lost
  bool limited_ = true;
  bool done_ = false;
  bool failure_told_ = false;
  bool body_sent_ = true;   // or begun; false while a response to Expect is awaited
  bool head_came_ = false;  // decoded while the body waited
};

}  // namespace braid::http
