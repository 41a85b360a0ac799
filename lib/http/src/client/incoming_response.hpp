#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <braid/http/client_options.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

/// What is known of a response while it comes in, whatever the version of HTTP it comes in. Those who decode one fill
/// it; an exchange reads it.
class incoming_response {
 public:
  enum class event : std::uint8_t {
    need_more,  ///< call again when more has come
    head,       ///< status(), fields() and the framing are known
    body,       ///< body() is the next piece, valid until the next call
    complete,   ///< the response has ended
    failed,     ///< reason() says why
  };
  enum class fault : std::uint8_t { none, protocol, limit, cut_off };
  enum class framing : std::uint8_t { none, length, chunked, until_close };

  std::string_view body() const { return body_; }
  int status() const { return status_; }
  /// 10, 11 or 20.
  int version() const { return version_; }
  const std::string& reason_text() const { return reason_text_; }
  headers& fields() { return fields_; }
  /// The head is complete.
  bool in_body() const { return in_body_; }
  framing body_framing() const { return framing_; }

  /// Of a body of known length: its size, and what of it has not come.
  std::uint64_t body_length() const { return length_; }
  std::uint64_t body_left() const { return left_; }

  /// The trailer section, once the response is complete; null for none.
  std::shared_ptr<const headers> take_trailers() { return std::move(trailers_); }

  /// Whom 1xx responses to a request of `to` are told; null for nobody. Both outlive the response.
  void listen(const informational_function* listener, const url* to) {
    listener_ = listener;
    to_ = to;
  }

  fault why() const { return fault_; }
  std::string_view reason() const { return reason_; }

 protected:
  incoming_response() = default;
  ~incoming_response() = default;

  void tell_informational() const {
    if (listener_) (*listener_)(*to_, status_, fields_);
  }

  headers fields_;
  std::shared_ptr<headers> trailers_;
  const informational_function* listener_ = nullptr;
  const url* to_ = nullptr;
  std::string reason_text_;
  std::string_view body_;
  std::string_view reason_;
  std::uint64_t length_ = 0;
  std::uint64_t left_ = 0;
  int status_ = 0;
  int version_ = 11;
  framing framing_ = framing::none;
  fault fault_ = fault::none;
  bool in_body_ = false;
};

}  // namespace braid::http
