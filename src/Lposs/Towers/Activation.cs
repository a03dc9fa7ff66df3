namespace Lposs.Towers;

/// <summary>What a model was trained with between the two layers of its feed-forward part; weights do not tell it.</summary>
public enum Activation
{
    /// <summary>x * Phi(x), exactly, by the error function.</summary>
    Gelu,

    /// <summary>x * sigmoid(1.702 x), of OpenAI's CLIP and those trained after it.</summary>
    QuickGelu,
}
