#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace braid::fetch {

// Metrics as Prometheus reads them (text format 0.0.4).

std::string number_text(double value);

/// HELP and TYPE of a metric, before its samples.
void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help);

using metric_labels = std::vector<std::pair<std::string_view, std::string_view>>;
/// One sample of a metric whose head is there already. Values of labels may be any text.
void append_sample(std::string& out, std::string_view name, const metric_labels& labels, double value);

/// A metric with one sample and no labels.
void append_metric(std::string& out, std::string_view name, std::string_view type, std::string_view help, double value);

}  // namespace braid::fetch
