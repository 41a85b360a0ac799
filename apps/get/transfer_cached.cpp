// Transfers through --cache.
#include <algorithm>

#include "head_lines.hpp"
#include "transfer.hpp"

namespace braid::get {

namespace {

/// The header lines of a request as its fields, but for those that the client writes itself.
void put_fields(http::request& into, std::string_view lines, bool decodes) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !http::is_token(line.substr(0, colon))) continue;
    const std::string_view name = line.substr(0, colon), rest = line.substr(colon + 1);
    if (decodes && http::equal_ignoring_case(name, "Accept-Encoding")) continue;
    into.header(name, rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size())));
  }
}

}  // namespace

/// What a cache may answer: plain GETs, whose bytes on the wire nobody shaped.
bool transfer::may_be_cached() const {
  const url_options& o = options_;
  const bool shaped = custom_ || with_body_ || o.raw || o.http_1_0 || o.http_0_9 || o.ignore_length ||
                      !o.request_target.empty() || o.path_as_is;
  const bool part = resume_ > 0 || !o.range.empty();
  const bool conditional = newer_than_ || older_than_ || !o.etag_compare.empty();
  return !o.cache_folder.empty() && !o.head_only && method_ == "GET" && !shaped && !part && !conditional;
}

/// A request that the cache may answer: its fields are the client's to write.
http::request transfer::cacheable_request() {
  make_request(true);  // for the lines of its head, and what is told of them
  http::request what("GET", where_.str());
  put_fields(what, sent_lines_, options_.compressed);
  return what;
}

}  // namespace braid::get
