#pragma once

#include <optional>

#include "classify.hpp"

namespace braid::serp {

/// What the services that stand before many sites answer in place of a page: Cloudflare, DataDome, Akamai, PerimeterX,
/// Imperva, Anubis, and statuses that mean a refusal. For pages without results: their scripts stand on good pages too.
std::optional<classification> wall_in(const page_view& page);

}  // namespace braid::serp
