#pragma once

#include <braid/scrape/sink.hpp>
#include <braid/scrape/stage_stats.hpp>
#include <braid/scrape/table_reader.hpp>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "record.hpp"

namespace braid::fetch {

enum class format : std::uint8_t { jsonl, json, csv, sqlite, postgres };

/// By the extension of --out, or its postgresql://; JSONL for standard output. Throws invalid_argument for an extension
/// that says nothing.
format format_of(const std::string& out);

/// Opens --out ("-" is standard output). Throws io_error.
std::unique_ptr<scrape::sink> open_sink(const std::string& out, format as);

/// Reads back what open_sink() wrote to a PostgreSQL database. Throws as table_reader does.
std::unique_ptr<scrape::table_reader> open_results(const std::string& address);

/// What the rows of CSV stand under, without a line end.
std::string_view csv_header_line();

/// The members of a record after search_metadata, as they will stand in the file. Done where the record is made, so
/// that the one writer has little to do.
std::string text_of(const nlohmann::ordered_json& members, const job& what, std::string_view status, format as);

/// The whole record, with its times filled in.
std::string finished_text(record& what, const scrape::item_times& times, std::chrono::system_clock::time_point saved,
                          format as);

}  // namespace braid::fetch
