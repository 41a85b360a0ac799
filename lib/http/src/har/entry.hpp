#pragma once

#include <nlohmann/json_fwd.hpp>

#include <braid/http/har.hpp>

namespace braid::http {

/// An entry of HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec).
nlohmann::ordered_json to_har(const har_entry& entry);
/// What an answer can be made from: method, URL, body; status, headers, content. Throws: invalid_argument, which names
/// what is missing or of the wrong kind.
har_entry from_har(const nlohmann::json& entry);

}  // namespace braid::http
