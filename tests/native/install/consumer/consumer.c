/* A user's program in C: the class of each of two pixels, and what a device that is not there is answered with. */
#include <lposs/lposs.h>

#include <stdio.h>

static lposs_tensor view(lposs_dtype dtype, void* data, int32_t dimensions) {
    lposs_tensor tensor;
    lposs_tensor_init(&tensor);
    tensor.dtype = dtype;
    tensor.ndim = dimensions;
    tensor.shape[0] = 2;
    tensor.shape[1] = 3;
    tensor.data = data;
    return tensor;
}

int main(void) {
    float scores[6] = {0.1F, 0.7F, 0.2F, 0.5F, 0.1F, 0.4F};
    uint8_t labels[2] = {9, 9};
    const lposs_tensor input = view(LPOSS_FLOAT32, scores, 2), output = view(LPOSS_UINT8, labels, 1);
    lposs_context* context = NULL;
    if (lposs_context_create(NULL, &context) != LPOSS_OK ||
        lposs_scores_argmax(context, &input, &output, NULL) != LPOSS_OK) {
        fprintf(stderr, "%s\n", lposs_last_error());
        return 1;
    }
    lposs_context_destroy(context);
    printf("lposs %s: labels %d %d\n", lposs_version_string(), labels[0], labels[1]);

    lposs_context_options options;
    lposs_context_options_init(&options);
    options.device = LPOSS_DEVICE_CUDA;
    if (lposs_context_create(&options, &context) == LPOSS_OK)
        lposs_context_destroy(context);
    else
        printf("cuda: %s\n", lposs_last_error());
    return 0;
}
