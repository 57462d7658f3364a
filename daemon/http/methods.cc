#include "daemon/http/methods.h"

#include <google/protobuf/descriptor.h>

#include <utility>

#include <google/protobuf/descriptor.pb.h>

namespace stockd::http {
namespace {

using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;

constexpr std::string_view kPackage = "/stockd.v1.";

const MethodDescriptor* Look(std::string_view path) {
  if (!path.starts_with(kPackage)) return nullptr;
  const size_t slash = path.find('/', 1);
  if (slash == std::string_view::npos) return nullptr;
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      std::string(path.substr(1, slash - 1)));
  if (service == nullptr) return nullptr;
  return service->FindMethodByName(std::string(path.substr(slash + 1)));
}

}  // namespace

const Method* Methods::Find(std::string_view path) {
  {
    const absl::ReaderMutexLock lock(&mutex_);
    const auto found = known_.find(absl::string_view(path.data(), path.size()));
    if (found != known_.end()) return found->second.get();
  }
  const MethodDescriptor* found = Look(path);
  if (found == nullptr) return nullptr;  // Not remembered: anybody may make names up.
  auto method = std::make_unique<Method>();
  method->path = path;
  MessageFactory* factory = MessageFactory::generated_factory();
  method->request = factory->GetPrototype(found->input_type());
  method->response = factory->GetPrototype(found->output_type());
  method->client_streams = found->client_streaming();
  method->server_streams = found->server_streaming();
  method->has_side_effects = found->options().idempotency_level() != MethodOptions::NO_SIDE_EFFECTS;
  if (meter_ != nullptr) method->row = &meter_->RowOf(path, "http");
  const absl::MutexLock lock(&mutex_);
  return known_.try_emplace(std::string(path), std::move(method)).first->second.get();
}

}  // namespace stockd::http
