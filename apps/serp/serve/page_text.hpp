#pragma once

#include <string_view>

namespace braid::serve {

/// page/openapi.json, compiled in.
extern const std::string_view openapi_json;

}  // namespace braid::serve
