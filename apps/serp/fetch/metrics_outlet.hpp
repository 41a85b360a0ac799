#pragma once

#include <braid/http/server.hpp>
#include <braid/runtime/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

namespace braid::fetch {

/// Where --metrics goes: to whoever asks for http://ADDRESS:PORT/metrics, or into a file that is replaced every second,
/// as the textfile collector of Prometheus' node_exporter wants it.
class metrics_outlet {
 public:
  /// `where` is ADDRESS:PORT with a numeric address, port 0 for a free one; or a file. `text` gives the metrics of the
  /// moment.
  /// `on_listening` is called once whoever asks is answered; never for a file.
  /// Throws: invalid_argument, connect_error for an address that cannot be had, io_error.
  metrics_outlet(const std::string& where, std::function<std::string()> text, std::function<void()> on_listening);

  /// "http://127.0.0.1:9100/metrics"; empty for a file.
  std::string address() const;
  /// Until cancelled. A file that cannot be written any more is left as it is.
  awaitable<void> run();
  /// The file as the run ended; nothing to do for an address. Throws: io_error.
  void finish();

 private:
  std::string host_;  // empty: a file
  std::string file_;
  std::function<std::string()> text_;
  std::unique_ptr<http::server> server_;
};

}  // namespace braid::fetch
