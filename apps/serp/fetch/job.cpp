#include "job.hpp"

#include <algorithm>
#include <array>
#include <braid/core/url.hpp>
#include <cstdint>
#include <cstdio>
#include <string_view>

namespace braid::fetch {
namespace {

/// FNV-1a, then the finalizer of SplitMix64, so that all bits depend on all of the text.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
  std::uint64_t value = 0xcbf29ce484222325U ^ seed;
  for (const unsigned char c : text) value = (value ^ c) * 0x100000001b3U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

std::string rarer_parameters(const job& what) {
  std::string text;
  for (const auto* one : {&what.google_domain, &what.location, &what.safe, &what.tbs}) text += '\n' + *one;
  return text + '\n' + std::to_string(what.num) + '\n' + std::to_string(what.start);
}

}  // namespace

std::string request_key(const job& what) {
  // Queries contain no line ends: query_list turns them into spaces.
  auto key = what.engine + '\n' + what.query + '\n' + std::to_string(what.page) + '\n' + what.gl + '\n' + what.hl +
             '\n' + what.device;
  const bool usual = what.google_domain.empty() && what.location.empty() && what.safe.empty() && what.tbs.empty() &&
                     what.num == 0 && what.start == 0;
  return usual ? key : key + rarer_parameters(what);
}

std::string job_text(const job& what) {
  const auto key = request_key(what);
  if (what.id.empty() || what.id == request_id(what)) return key;
  const bool usual = std::count(key.begin(), key.end(), '\n') == 5;
  return key + (usual ? rarer_parameters(what) : std::string()) + '\n' + what.id;
}

std::string request_id(const job& what) {
  const auto key = request_key(what);
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(hash(key, 0)),
                static_cast<unsigned long long>(hash(key, 0x9e3779b97f4a7c15U)));
  return text.data();
}

std::string at_endpoint(const std::string& url, const std::string& endpoint) {
  const auto from = url::parse(url);
  const auto to = url::parse(endpoint);
  auto path = std::string(to.path());
  while (path.ends_with('/')) path.pop_back();
  return std::string(to.scheme()) + "://" + std::string(to.authority()) + path + std::string(from.target());
}

}  // namespace braid::fetch
