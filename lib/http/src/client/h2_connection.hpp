#pragma once

#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include <braid/http/client_options.hpp>
#include <braid/net/transport.hpp>
#include <braid/runtime/timer_queue.hpp>
#include <braid/runtime/waiter.hpp>

#include "client/pool_book.hpp"
#include "h2/liveness.hpp"
#include "h2/session.hpp"
#include "input_buffer.hpp"

namespace braid::http {

class client_pool;
class h2_connection;

/// A request on an h2_connection: what the session says about it, and who waits for that.
struct h2_stream : h2::stream {
  explicit h2_stream(std::shared_ptr<h2_connection> connection) : on(std::move(connection)) {}

  std::shared_ptr<h2_connection> on;
  waiter changed;
};

/// An HTTP/2 connection in the pool, shared by the requests to its host: the session, and the reads and writes that
/// drive it. What many requests have to say in one turn of the context leaves in one write.
///
/// It reads while there are requests and a little longer. At rest it does not, so that it keeps no context from ending;
/// what the server said meanwhile is read before the next request.
///
/// Lifetime: the pool and the streams share it; a read or write under way keeps it alive. Threads: its context.
class h2_connection final : public pool_book::entry, public std::enable_shared_from_this<h2_connection> {
 public:
  h2_connection(client_pool& pool, std::unique_ptr<net::transport> stream, const boost::asio::any_io_executor& executor,
                const client_options& options, h2::beginning how);
  ~h2_connection();

  /// Begins to read and sends its preface.
  void start();
  /// Instead, of a connection that began as HTTP/1.1: with the request that was sent there, and the bytes that came
  /// behind the response to it.
  void adopt(h2_stream& first, std::string_view received);
  /// For a request that finds it: true when it takes requests still. After a rest it has to prove that it is alive.
  bool is_usable();

  /// Begins a request; see session::open().
  bool open(h2_stream& stream, const h2::request_head& head, std::string_view body, bool last);
  /// The next event of a stream.
  h2::stream::event next(h2_stream& stream);
  void send(h2_stream& stream, std::string_view piece, bool last);
  /// The request is over, complete or not.
  void close(h2_stream& stream) noexcept;

  /// The last request on it is over.
  void rest() noexcept;

  /// Where it leads, and for whom its certificate is good.
  const net::transport& stream() const noexcept { return *stream_; }

  /// Requests at once, as far as is known.
  std::size_t room() const { return session_.capacity(); }

  /// The pool is done with it: closes it.
  void shut() noexcept;
  /// The context goes: nothing is started any more.
  void abandon() noexcept;

 private:
  struct watch : timer {
    h2_connection* owner = nullptr;
  };
  /// A read or a write, which keeps its connection alive.
  class transfer : public net::operation {
   public:
    transfer(h2_connection& owner, void (h2_connection::*then)()) : operation(&ended), owner_(owner), then_(then) {}
    void hold() { held_ = owner_.shared_from_this(); }
    bool under_way() const noexcept { return held_ != nullptr; }

   private:
    static void ended(net::operation& self, bool abandoned);

    h2_connection& owner_;
    void (h2_connection::*then_)();
    std::shared_ptr<h2_connection> held_;
  };

  bool is_reading() const noexcept { return yielding_ || reading_.under_way(); }
  void read();
  void on_read();
  bool take_input();
  void flush() noexcept;
  void write();
  void on_written();
  void tell();
  void lose(std::string_view why);
  void schedule();
  static void on_watch(timer& which);
  void check();

  client_pool* pool_;  // null once that is done with it
  std::unique_ptr<net::transport> stream_;
  boost::asio::any_io_executor executor_;
  timer_queue& timers_;
  h2::session session_;
  h2::liveness liveness_;
  watch watch_;
  transfer reading_;
  transfer writing_;
  input_buffer input_;
  std::string output_;
  std::array<boost::asio::const_buffer, 1> piece_;
  time_point rested_{};  // when the last request ended
  bool flush_posted_ = false;
  bool yielding_ = false;  // a read follows when others have had their turn
  bool pausing_ = false;   // the read is being cancelled for a rest
  bool gone_ = false;
};

}  // namespace braid::http
