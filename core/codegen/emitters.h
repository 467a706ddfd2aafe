// One emitter a framework, each in the file of its name; emit_code() chooses.
#pragma once

#include "core/codegen/emit.h"
#include "core/codegen/plan.h"

namespace convlens {

CodeText emit_torch(const Plan& plan);
CodeText emit_tf(const Plan& plan);
CodeText emit_keras(const Plan& plan);
CodeText emit_jax(const Plan& plan);
CodeText emit_onnx(const Plan& plan);
CodeText emit_matlab(const Plan& plan);
CodeText emit_scipy(const Plan& plan);
CodeText emit_opencv(const Plan& plan);

}  // namespace convlens
