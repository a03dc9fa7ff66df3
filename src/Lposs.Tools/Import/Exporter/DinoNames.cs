using Lposs.Tools.Import.Weights;

namespace Lposs.Tools.Import.Exporter;

/// <summary>What a publisher's program calls the tensors of DINO, or of DINOv2 where it is the second.</summary>
internal sealed record DinoNames(
    string Title,
    string Patches,
    string ClassToken,
    string Registers,
    string Positions,
    Func<int, BlockNames> Block,
    string Norm,
    Predicate<string> IsBeside,
    bool IsSecond
)
{
    /// <summary>Finds out the model and the naming.</summary>
    /// <exception cref="LpossException">It is neither, or a DINOv2 with gated feed-forward parts.</exception>
    public static DinoNames Of(WeightSet weights)
    {
        if (weights.Has("rope_embed.periods") || weights.Has("storage_tokens"))
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} is a DINOv3, whose rotary positions are not built here; take a DINO or a DINOv2."
            );
        if (
            weights.Names.Any(name =>
                name.Contains(".mlp.w12.", StringComparison.Ordinal)
                || name.Contains(".mlp.weights_in.", StringComparison.Ordinal)
            )
        )
            throw new LpossException(
                LpossErrorCode.InvalidWeights,
                $"{weights.Source} is a DINOv2 with gated feed-forward parts (SwiGLU, ViT-g/14), which are not built "
                    + "here; take ViT-S, B or L."
            );
        if (weights.Has("blocks.0.attn.qkv.weight"))
            return Original(isSecond: weights.Has("blocks.0.ls1.gamma"));
        foreach (string prefix in (string[])["", "vit.", "dinov2.", "dinov2_with_registers."])
        {
            if (weights.Has($"{prefix}encoder.layer.0.layernorm_before.weight"))
                return HuggingFace(prefix);
            if (weights.Has($"{prefix}encoder.layer.0.layer_scale1.lambda1"))
                return HuggingFaceSecond(prefix);
        }
        throw new LpossException(
            LpossErrorCode.InvalidWeights,
            $"{weights.Source} is no DINO: it has neither 'blocks.0.attn.qkv.weight' nor "
                + "'encoder.layer.0.layernorm_before.weight' nor 'encoder.layer.0.layer_scale1.lambda1'."
        );
    }

    private static DinoNames Original(bool isSecond) =>
        new(
            isSecond ? "DINOv2" : "DINO",
            "patch_embed.proj",
            "cls_token",
            "register_tokens",
            "pos_embed",
            i => new BlockNames(
                $"blocks.{i}.norm1",
                new AttentionNames.Joined($"blocks.{i}.attn.qkv.weight", $"blocks.{i}.attn.qkv.bias"),
                $"blocks.{i}.attn.proj",
                $"blocks.{i}.norm2",
                $"blocks.{i}.mlp.fc1",
                $"blocks.{i}.mlp.fc2",
                isSecond ? $"blocks.{i}.ls1.gamma" : null,
                isSecond ? $"blocks.{i}.ls2.gamma" : null
            ),
            "norm",
            name => name == "mask_token",
            isSecond
        );

    private static DinoNames HuggingFace(string prefix) =>
        new(
            "DINO, Hugging Face",
            $"{prefix}embeddings.patch_embeddings.projection",
            $"{prefix}embeddings.cls_token",
            $"{prefix}embeddings.register_tokens",
            $"{prefix}embeddings.position_embeddings",
            i =>
                HuggingFaceBlock(
                    $"{prefix}encoder.layer.{i}",
                    "layernorm_before",
                    "layernorm_after",
                    "intermediate.dense",
                    "output.dense",
                    scales: false
                ),
            $"{prefix}layernorm",
            name => name.StartsWith($"{prefix}pooler.", StringComparison.Ordinal),
            IsSecond: false
        );

    private static DinoNames HuggingFaceSecond(string prefix) =>
        new(
            "DINOv2, Hugging Face",
            $"{prefix}embeddings.patch_embeddings.projection",
            $"{prefix}embeddings.cls_token",
            $"{prefix}embeddings.register_tokens",
            $"{prefix}embeddings.position_embeddings",
            i => HuggingFaceBlock($"{prefix}encoder.layer.{i}", "norm1", "norm2", "mlp.fc1", "mlp.fc2", scales: true),
            $"{prefix}layernorm",
            name => name == $"{prefix}embeddings.mask_token",
            IsSecond: true
        );

    private static BlockNames HuggingFaceBlock(
        string block,
        string norm1,
        string norm2,
        string hidden,
        string back,
        bool scales
    ) =>
        new(
            $"{block}.{norm1}",
            new AttentionNames.Apart(
                $"{block}.attention.attention.query",
                $"{block}.attention.attention.key",
                $"{block}.attention.attention.value"
            ),
            $"{block}.attention.output.dense",
            $"{block}.{norm2}",
            $"{block}.{hidden}",
            $"{block}.{back}",
            scales ? $"{block}.layer_scale1.lambda1" : null,
            scales ? $"{block}.layer_scale2.lambda1" : null
        );
}
