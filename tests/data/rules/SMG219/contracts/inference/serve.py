def model_fn(folder: str) -> str:
    return folder
