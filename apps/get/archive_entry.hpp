#pragma once

#include <string>
#include <string_view>

#include <braid/http/har.hpp>

namespace braid::get {

/// What --har keeps of one exchange, gathered while it passes: of bodies, 16 MiB each.
class archive_entry {
 public:
  /// A request begins. `lines` as they are sent.
  void begin(std::string_view method, std::string url, std::string_view lines);
  void sent(std::string_view bytes);
  void answered(const http::response_head& head);
  void received(std::string_view bytes);

  /// The exchange is over; `failure` says why it was cut short. Nothing where none began.
  void end(const http::har_recorder& into, std::string failure = {});

 private:
  http::har_entry entry_;
  bool begun_ = false;
};

}  // namespace braid::get
