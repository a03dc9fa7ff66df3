using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>
/// What a publisher's program calls the tensors of CLIP, and whether it stores projections turned, [outputs, inputs].
/// </summary>
internal sealed record ClipNames(
    string Title,
    string Patches,
    string ClassToken,
    string ImagePositions,
    string ImageNormBefore,
    Func<int, BlockNames> ImageBlock,
    string ImageNormAfter,
    string ImageProjection,
    string TokenTable,
    string TextPositions,
    Func<int, BlockNames> TextBlock,
    string TextNorm,
    string TextProjection,
    bool ProjectionsAreTurned
)
{
    /// <summary>Tensors that files have beside the weights; the scale of the logits is training's.</summary>
    private static readonly HashSet<string> s_beside =
    [
        "logit_scale",
        "logit_bias",
        "attn_mask",
        "text.attn_mask",
        "input_resolution",
        "context_length",
        "vocab_size",
        "vision_model.embeddings.position_ids",
        "text_model.embeddings.position_ids",
    ];

    private static readonly ClipNames s_openClip = OpenClip("");

    // open_clip's CustomTextCLIP keeps the text encoder apart.
    private static readonly ClipNames s_openClipApart = OpenClip("text.");

    private static readonly ClipNames s_huggingFace = new(
        "Hugging Face's",
        "vision_model.embeddings.patch_embedding",
        "vision_model.embeddings.class_embedding",
        "vision_model.embeddings.position_embedding.weight",
        "vision_model.pre_layrnorm", // the published spelling
        i => HuggingFaceBlock("vision_model", i),
        "vision_model.post_layernorm",
        "visual_projection.weight",
        "text_model.embeddings.token_embedding.weight",
        "text_model.embeddings.position_embedding.weight",
        i => HuggingFaceBlock("text_model", i),
        "text_model.final_layer_norm",
        "text_projection.weight",
        ProjectionsAreTurned: true
    );

    public static bool IsBeside(string name) => s_beside.Contains(name);

    public static ClipNames Of(WeightSet weights)
    {
        if (weights.Has($"{s_openClip.Patches}.weight"))
            return weights.Has(s_openClipApart.TokenTable) ? s_openClipApart : s_openClip;
        if (weights.Has($"{s_huggingFace.Patches}.weight"))
            return s_huggingFace;
        throw new LpossException(
            LpossErrorCode.InvalidWeights,
            $"{weights.Source} is no CLIP with a vision transformer: it has neither '{s_openClip.Patches}.weight' nor "
                + $"'{s_huggingFace.Patches}.weight'."
        );
    }

    private static ClipNames OpenClip(string text) =>
        new(
            "open_clip's",
            "visual.conv1",
            "visual.class_embedding",
            "visual.positional_embedding",
            "visual.ln_pre",
            i => OpenClipBlock("visual.transformer", i),
            "visual.ln_post",
            "visual.proj",
            $"{text}token_embedding.weight",
            $"{text}positional_embedding",
            i => OpenClipBlock($"{text}transformer", i),
            $"{text}ln_final",
            $"{text}text_projection",
            ProjectionsAreTurned: false
        );

    private static BlockNames OpenClipBlock(string encoder, int index)
    {
        string block = $"{encoder}.resblocks.{index}";
        return new BlockNames(
            $"{block}.ln_1",
            new AttentionNames.Joined($"{block}.attn.in_proj_weight", $"{block}.attn.in_proj_bias"),
            $"{block}.attn.out_proj",
            $"{block}.ln_2",
            $"{block}.mlp.c_fc",
            $"{block}.mlp.c_proj"
        );
    }

    private static BlockNames HuggingFaceBlock(string encoder, int index)
    {
        string block = $"{encoder}.encoder.layers.{index}";
        return new BlockNames(
            $"{block}.layer_norm1",
            new AttentionNames.Apart(
                $"{block}.self_attn.q_proj",
                $"{block}.self_attn.k_proj",
                $"{block}.self_attn.v_proj"
            ),
            $"{block}.self_attn.out_proj",
            $"{block}.layer_norm2",
            $"{block}.mlp.fc1",
            $"{block}.mlp.fc2"
        );
    }
}
