#include "job.hpp"

#include "address.hpp"
#include "get_error.hpp"
#include "glob.hpp"
#include "output.hpp"
#include "warning.hpp"

namespace braid::get {

namespace {

std::vector<glob_match> expanded(const url_options& options, const std::string& text) {
  if (options.glob) return expand_glob(text);
  glob_match same;
  same.text = text;
  return {same};
}

/// -o, -O and their like of the n-th URL.
url_options::target target_of(const url_options& options, std::size_t index) {
  if (index < options.targets.size()) return options.targets[index];
  url_options::target out;
  out.remote_name = options.remote_name_all;
  return out;
}

/// Options that exclude each other.
void check(const url_options& options) {
  const bool resumes = options.resume_by_file || options.resume_from;
  if (options.head_only && options.data && !options.data_in_query) {
    throw get_error(
        usage,
        "You can only select one HTTP request method! You asked for both HEAD (-I, --head) and POST (-d, --data).");
  }
  if (resumes && options.data && !options.data_in_query) throw get_error(usage, "cannot mix --continue-at and --data");
  if (resumes && options.when_exists == url_options::existing::keep) {
    throw get_error(usage, "--continue-at and --no-clobber are mutually exclusive");
  }
  if (resumes && options.remove_on_error) {
    throw get_error(usage, "--continue-at and --remove-on-error are mutually exclusive");
  }
}

}  // namespace

std::vector<job> jobs_of(const command_line& line) {
  std::vector<job> out;
  for (const url_options& options : line.groups) {
    check(options);
    if (options.targets.size() > options.urls.size()) warn(line.global, "Got more output options than URLs");
    for (std::size_t i = 0; i < options.urls.size(); ++i) {
      const url_options::target where = target_of(options, i);
      const std::string upload_pattern = i < options.uploads.size() ? options.uploads[i] : std::string();
      for (const glob_match& upload : expanded(options, upload_pattern)) {
        for (const glob_match& match : expanded(options, options.urls[i])) {
          job next;
          next.options = &options;
          next.url = match.text;
          next.upload = upload.text;
          next.number = out.size();
          next.named_by_url = where.remote_name;
          if (!where.discard && !where.remote_name) {
            next.out = where.file.empty()
                           ? "-"
                           : in_folder(options.output_dir, fill_in(where.file, upload.pieces.empty() ? match : upload));
          }
          out.push_back(std::move(next));
        }
      }
    }
  }
  if (out.empty()) throw get_error(usage, "no URL specified");
  return out;
}

}  // namespace braid::get
