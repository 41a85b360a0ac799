#include "report_page.hpp"

#include <nlohmann/json.hpp>
#include <report/page.hpp>
#include <string_view>

namespace braid::bench {

extern const std::string_view page_script;  // timeline.js and page.js, built in

std::string report_page(const nlohmann::json& report) { return report::page(report, page_script); }

}  // namespace braid::bench
