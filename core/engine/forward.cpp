#include "core/engine/forward.h"

#include "core/engine/layer/plan.h"
#include "core/engine/pool.h"

namespace convlens {

Tensor<double> forward(const ConvSpec& spec, const LayerData& data, int threads) {
    if (is_pooling(spec.op)) return pool(spec, data.input, threads);
    LayerPlan<double> plan = plan_layer(spec, data.input.shape, data.weight, data.bias, threads);
    Tensor<double> out(plan.output_shape());
    run(plan, data.input, out.span());
    return out;
}

}  // namespace convlens
