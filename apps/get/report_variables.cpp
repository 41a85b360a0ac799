#include "report_variables.hpp"

#include <array>
#include <cstdio>

#include "certificates.hpp"

namespace braid::get {

namespace {

double seconds(duration time) { return std::chrono::duration<double>(time).count(); }

std::string time_text(duration time) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.6f", seconds(time));
  return text.data();
}

std::string rate(std::uint64_t bytes, duration time) {
  const double all = seconds(time);
  return std::to_string(all > 0 ? static_cast<std::uint64_t>(static_cast<double>(bytes) / all) : bytes);
}

using report = const transfer_report&;
constexpr auto as_text = report_variable::kind::text;
constexpr auto as_number = report_variable::kind::number;
constexpr auto as_time = report_variable::kind::time;

std::string three_digits(int status) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%03d", status);
  return text.data();
}

std::string padded_status(report r) { return three_digits(r.status); }
std::string padded_connect_status(report r) { return three_digits(r.connect_status); }

constexpr std::array variables{
    report_variable{"certs", [](report r) { return certificates_text(r.certificates); }, as_text},
    report_variable{"conn_id", [](report r) { return std::to_string(r.connects > 0 ? r.number : 0); }, as_number},
    report_variable{"content_type", [](report r) { return r.content_type; }, as_text},
    report_variable{"errormsg", [](report r) { return r.error; }, as_text},
    report_variable{"exitcode", [](report r) { return std::to_string(r.exit_code); }, as_number},
    report_variable{"filename_effective", [](report r) { return r.file; }, as_text},
    report_variable{"ftp_entry_path", [](report) { return std::string(); }, as_text},
    report_variable{"http_code", padded_status, as_number},
    report_variable{"http_connect", padded_connect_status, as_number},
    report_variable{"http_version",
                    [](report r) {
                      return std::string(r.version == 20 ? "2" : r.version == 11 ? "1.1" : r.version == 10 ? "1" : "0");
                    },
                    as_text},
    report_variable{"local_ip", [](report r) { return r.local_ip; }, as_text},
    report_variable{"local_port", [](report r) { return std::to_string(r.local_port); }, as_number},
    report_variable{"method", [](report r) { return r.method; }, as_text},
    report_variable{"num_certs", [](report r) { return std::to_string(r.certificates.size()); }, as_number},
    report_variable{"num_connects", [](report r) { return std::to_string(r.connects); }, as_number},
    report_variable{"num_headers", [](report r) { return std::to_string(r.fields.size()); }, as_number},
    report_variable{"num_redirects", [](report r) { return std::to_string(r.redirects); }, as_number},
    report_variable{"num_retries", [](report r) { return std::to_string(r.retries); }, as_number},
    report_variable{"redirect_url", [](report r) { return r.redirect_url; }, as_text},
    report_variable{"referer", [](report r) { return r.referer; }, as_text},
    report_variable{"remote_ip", [](report r) { return r.remote_ip; }, as_text},
    report_variable{"remote_port", [](report r) { return std::to_string(r.remote_port); }, as_number},
    report_variable{"response_code", padded_status, as_number},
    report_variable{"scheme", [](report r) { return r.scheme; }, as_text},
    report_variable{"size_delivered", [](report r) { return std::to_string(r.delivered); }, as_number},
    report_variable{"size_download", [](report r) { return std::to_string(r.received); }, as_number},
    report_variable{"size_header", [](report r) { return std::to_string(r.header_bytes); }, as_number},
    report_variable{"size_request", [](report r) { return std::to_string(r.request_bytes); }, as_number},
    report_variable{"size_upload", [](report r) { return std::to_string(r.sent); }, as_number},
    report_variable{"speed_download", [](report r) { return rate(r.received, r.total); }, as_number},
    report_variable{"speed_upload", [](report r) { return rate(r.sent, r.total); }, as_number},
    report_variable{"time_appconnect", [](report r) { return time_text(r.tls); }, as_time},
    report_variable{"time_connect", [](report r) { return time_text(r.connect); }, as_time},
    report_variable{"time_namelookup", [](report r) { return time_text(r.resolve); }, as_time},
    report_variable{"time_posttransfer", [](report r) { return time_text(r.before_request); }, as_time},
    report_variable{"time_pretransfer", [](report r) { return time_text(r.before_request); }, as_time},
    report_variable{"time_queue", [](report) { return time_text({}); }, as_time},
    report_variable{"time_redirect", [](report r) { return time_text(r.redirect); }, as_time},
    report_variable{"time_starttransfer", [](report r) { return time_text(r.first_byte); }, as_time},
    report_variable{"time_total", [](report r) { return time_text(r.total); }, as_time},
    report_variable{"tls_earlydata", [](report) { return std::string("0"); }, as_number},
    report_variable{"url", [](report r) { return r.url; }, as_text},
    report_variable{"url_effective", [](report r) { return r.effective; }, as_text},
    report_variable{"urlnum", [](report r) { return std::to_string(r.number); }, as_number},
    report_variable{"xfer_id", [](report r) { return std::to_string(r.number); }, as_number},
};

}  // namespace

std::span<const report_variable> report_variables() { return variables; }

}  // namespace braid::get
