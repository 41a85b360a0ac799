// Which request of a transfer follows a response.
#include <algorithm>

#include "get_error.hpp"
#include "head_lines.hpp"
#include "transfer.hpp"

namespace braid::get {

bool transfer::may_answer_proxy(const http::headers& fields) {
  constexpr unsigned most = 2;  // a challenge, and a nonce that has gone stale meanwhile
  const net::proxy* const via = asked_proxy();
  if (!via || proxy_turns_ >= most) return false;
  if (!session_.answers_proxy(*via, fields, proxy_sent_)) return false;
  ++proxy_turns_;
  return true;
}

/// What a response asks for.
transfer::next_step transfer::decide(const http::response_head& head) {
  const int status = head.status();
  if (status == 417 && expecting_ && sent_body_ && !custom_value(options_, "Expect")) {
    no_expect_ = true;
    return next_step::repeat;
  }
  if (status == 407 && may_answer_proxy(head.headers())) return next_step::repeat;
  if (status == 401 && sign_in_->answers(head.headers())) return next_step::repeat;
  if (awaits_challenge_ && status < 300) {
    // Nobody asked who it is: now with the body.
    sign_in_->give_up();
    return next_step::repeat;
  }
  const auto location = head.header("Location");
  const std::vector<std::string_view> all = head.headers().get_all("Location");
  if (std::any_of(all.begin(), all.end(), [&](std::string_view one) { return one != *location; })) {
    throw get_error(weird_reply, "Multiple Location headers");
  }
  if (status / 100 != 3 || !location || location->empty()) return next_step::finish;
  if (!options_.follow) {
    try {
      report_.redirect_url = where_.resolve(*location, options_.path_as_is).str();
    } catch (const get_error&) {
      report_.redirect_url = *location;
    }
    return next_step::finish;
  }
  report_.redirect_url = *location;
  return next_step::redirect;
}

void transfer::follow(std::string_view location) {
  if (options_.max_redirects >= 0 && report_.redirects >= static_cast<unsigned long>(options_.max_redirects)) {
    try {
      report_.redirect_url = where_.resolve(location).str();
    } catch (const get_error&) {
      // The limit is what is told.
    }
    throw get_error(too_many_redirects, "Maximum (" + std::to_string(options_.max_redirects) + ") redirects followed");
  }
  if (options_.auto_referer) referer_ = where_.str();
  address next = session_.secured(where_.resolve(location));
  ++report_.redirects;
  report_.redirect_url.clear();
  where_ = std::move(next);
  report_.effective = where_.shown() + (where_.fragment.empty() ? "" : "#" + where_.fragment);
  sign_in_->move_to(where_);
}

/// How the method changes on the way (RFC 9110, 15.4), as browsers and curl do it.
void transfer::to_get(int status) {
  const bool posts = method_ == "POST";
  const bool changes = (status == 301 && posts && !options_.post301) || (status == 302 && posts && !options_.post302) ||
                       (status == 303 && !(posts && options_.post303));
  if (!changes) return;
  if (options_.obey_method) custom_ = false;
  if (method_ != "HEAD") method_ = "GET";
  with_body_ = false;
}

}  // namespace braid::get
