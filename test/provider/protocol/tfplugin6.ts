import protobuf from 'protobufjs';

/** The part of the plugin protocol that the provider speaks, for a protobuf library to check ours by. */
const definition = `
syntax = "proto3";
package tfplugin6;
message DynamicValue { bytes msgpack = 1; bytes json = 2; }
message Diagnostic {
  enum Severity { INVALID = 0; ERROR = 1; WARNING = 2; }
  Severity severity = 1; string summary = 2; string detail = 3; AttributePath attribute = 4;
}
message AttributePath {
  message Step { oneof selector { string attribute_name = 1; string element_key_string = 2; int64 element_key_int = 3; } }
  repeated Step steps = 1;
}
message RawState { bytes json = 1; map<string, string> flatmap = 2; }
message Schema {
  message Block {
    int64 version = 1; repeated Attribute attributes = 2; repeated NestedBlock block_types = 3; string description = 4;
  }
  message Attribute {
    string name = 1; bytes type = 2; Object nested_type = 10; string description = 3; bool required = 4;
    bool optional = 5; bool computed = 6; bool sensitive = 7;
  }
  message NestedBlock {
    enum NestingMode { INVALID = 0; SINGLE = 1; LIST = 2; SET = 3; MAP = 4; GROUP = 5; }
    string type_name = 1; Block block = 2; NestingMode nesting = 3; int64 min_items = 4; int64 max_items = 5;
  }
  message Object {
    enum NestingMode { INVALID = 0; SINGLE = 1; LIST = 2; SET = 3; MAP = 4; }
    repeated Attribute attributes = 1; NestingMode nesting = 3;
  }
  int64 version = 1; Block block = 2;
}
message ServerCapabilities { bool plan_destroy = 1; bool get_provider_schema_optional = 2; }
message Empty {}
message Typed { string type_name = 1; }
message GetMetadataResponse { ServerCapabilities server_capabilities = 1; repeated Typed data_sources = 3; repeated Typed resources = 4; }
message GetProviderSchemaResponse {
  Schema provider = 1; map<string, Schema> resource_schemas = 2; map<string, Schema> data_source_schemas = 3;
  repeated Diagnostic diagnostics = 4; ServerCapabilities server_capabilities = 6;
}
message ValidateResourceConfigRequest { string type_name = 1; DynamicValue config = 2; }
message ValidateResourceConfigResponse { repeated Diagnostic diagnostics = 1; }
message UpgradeResourceStateRequest { string type_name = 1; int64 version = 2; RawState raw_state = 3; }
message UpgradeResourceStateResponse { DynamicValue upgraded_state = 1; repeated Diagnostic diagnostics = 2; }
message ConfigureProviderRequest { string terraform_version = 1; DynamicValue config = 2; }
message ConfigureProviderResponse { repeated Diagnostic diagnostics = 1; }
message ReadResourceRequest { string type_name = 1; DynamicValue current_state = 2; bytes private = 3; }
message ReadResourceResponse { DynamicValue new_state = 1; repeated Diagnostic diagnostics = 2; bytes private = 3; }
message PlanResourceChangeRequest {
  string type_name = 1; DynamicValue prior_state = 2; DynamicValue proposed_new_state = 3; DynamicValue config = 4; bytes prior_private = 5;
}
message PlanResourceChangeResponse {
  DynamicValue planned_state = 1; repeated AttributePath requires_replace = 2; bytes planned_private = 3; repeated Diagnostic diagnostics = 4;
}
message ApplyResourceChangeRequest {
  string type_name = 1; DynamicValue prior_state = 2; DynamicValue planned_state = 3; DynamicValue config = 4; bytes planned_private = 5;
}
message ApplyResourceChangeResponse { DynamicValue new_state = 1; bytes private = 2; repeated Diagnostic diagnostics = 3; }
message ImportResourceStateRequest { string type_name = 1; string id = 2; }
message ImportedResource { string type_name = 1; DynamicValue state = 2; bytes private = 3; }
message ImportResourceStateResponse { repeated ImportedResource imported_resources = 1; repeated Diagnostic diagnostics = 2; }
message ReadDataSourceRequest { string type_name = 1; DynamicValue config = 2; }
message ReadDataSourceResponse { DynamicValue state = 1; repeated Diagnostic diagnostics = 2; }
message Sample {
  string text = 1; bytes data = 2; int64 number = 3; bool flag = 4; repeated Typed items = 5; map<string, Typed> named = 6;
}
`;

const root = protobuf.parse(definition, { keepCase: true }).root;

const type = (name: string): protobuf.Type => root.lookupType(`tfplugin6.${name}`);

export const encode = (name: string, message: Record<string, unknown>): Buffer =>
  Buffer.from(type(name).encode(type(name).fromObject(message)).finish());

/** Enums as names, 64-bit numbers as numbers; absent fields stay absent unless defaults are asked for. */
export const decode = (name: string, bytes: Uint8Array, defaults = false): Record<string, unknown> =>
  type(name).toObject(type(name).decode(bytes), { enums: String, longs: Number, defaults });
