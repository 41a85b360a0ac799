#pragma once

#include <optional>
#include <string_view>

#include <braid/core/url.hpp>
#include <braid/http/headers.hpp>

namespace braid::http {

/// What a redirect asks for.
struct redirect_step {
  redirect_step() = default;

  url target;
  bool becomes_get = false;     ///< the method becomes GET and the body goes (301 and 302 after POST, 303)
  bool changes_origin = false;  ///< Authorization and Cookie stay behind
};

/// Where a response sends the client, as browsers understand it; empty for one that sends it nowhere: no redirect, or
/// no Location. Throws: redirect_error for a Location that is no http URL.
std::optional<redirect_step> redirect_of(int status, const headers& fields, std::string_view method, const url& from);

}  // namespace braid::http
