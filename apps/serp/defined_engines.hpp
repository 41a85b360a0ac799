#pragma once

#include <braid/serp/drift_watch.hpp>
#include <braid/serp/registry.hpp>
#include <memory>

#include "fetch/engine_pages.hpp"

namespace braid::app {

/// The engine definitions as fetching sees them.
class defined_engines final : public fetch::engine_pages {
 public:
  explicit defined_engines(serp::registry engines);

  std::vector<std::string> engines() const override { return engines_.names(); }
  std::string url(const fetch::job& what) const override;
  void prepare(const fetch::job& what, http::request& request) const override;
  std::string page_kind(const fetch::job& what, const http::response& response) const override;
  fetch::page_reading read(const fetch::job& what, const http::response& response) const override;
  std::vector<fetch::field_count> fields() const override;
  std::vector<std::string> fallen() const override { return watch_->fallen(); }

 private:
  serp::registry engines_;
  std::unique_ptr<serp::drift_watch_shared> watch_;
};

}  // namespace braid::app
