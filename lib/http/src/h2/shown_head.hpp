#pragma once

#include <string>
#include <string_view>

#include <braid/http/headers.hpp>

namespace braid::http::h2 {

// Heads of HTTP/2, which have no text of their own, in the form of HTTP/1.1: for those who look on (wire_form::tap).

/// `head` is what request_head::assign() takes. Without what HTTP/2 does not send of it.
std::string shown_request(std::string_view head);

/// "HTTP/2 200 ", the fields and an empty line.
std::string shown_response(int status, const headers& fields);

/// The fields alone.
std::string shown_fields(const headers& fields);

}  // namespace braid::http::h2
