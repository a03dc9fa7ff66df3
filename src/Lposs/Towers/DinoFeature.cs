namespace Lposs.Towers;

/// <summary>Which part of the last attention's input DINO's patches are compared by.</summary>
public enum DinoFeature
{
    /// <summary>Queries.</summary>
    Query,

    /// <summary>Keys.</summary>
    Key,

    /// <summary>Values; what LPOSS uses.</summary>
    Value,
}
