(** * Integrals over the cube, from above

    L^p bounds need an integral. The iterated Riemann integral over [0,1]^d of a step function on boxes is the sum of
    height * volume; a function below a step function has at most that integral. This is all that the error budget of
    docs/geometric.md asks for the strips of ReLU digits. *)

From Coq Require Import Reals List Lia Lra.
From Coquelicot Require Import Hierarchy RInt.
From Approxcert Require Import Sums StaircaseStrips.
Import ListNotations.
Local Open Scope R_scope.

(** The iterated Riemann integral of g over [0,1]^d exists and is v. *)
Fixpoint is_integral (d : nat) (g : list R -> R) (v : R) : Prop :=
  match d with
  | O => g [] = v
  | S e => exists h, (forall c, is_integral e (fun x => g (c :: x)) (h c)) /\ is_RInt h 0 1 v
  end.

(** The upper integral of g over [0,1]^d is at most v: g lies below a function of integral v. *)
Definition integral_at_most (d : nat) (g : list R -> R) (v : R) : Prop :=
  exists h, (forall x, cube d x -> g x <= h x) /\ is_integral d h v.

(** ** Linearity *)

Lemma is_integral_const : forall d c, is_integral d (fun _ => c) c.
Proof.
  induction d; intros c; [reflexivity|]. exists (fun _ => c). split; [intros _; apply IHd|].
  pose proof (@is_RInt_const R_NormedModule 0 1 c) as H. unfold scal in H; simpl in H. unfold mult in H; simpl in H.
  replace ((1 - 0) * c) with c in H by ring. exact H.
Qed.

Lemma is_integral_plus : forall d g h v w, is_integral d g v -> is_integral d h w ->
  is_integral d (fun x => g x + h x) (v + w).
Proof.
  induction d; intros g h v w Hg Hh; [simpl in *; subst; reflexivity|].
  destruct Hg as (g' & G1 & G2), Hh as (h' & H1 & H2). exists (fun c => g' c + h' c). split.
  - intros c. apply (IHd (fun x => g (c :: x)) (fun x => h (c :: x))); auto.
  - exact (is_RInt_plus g' h' 0 1 v w G2 H2).
Qed.

Lemma is_integral_scale : forall d k g v, is_integral d g v -> is_integral d (fun x => k * g x) (k * v).
Proof.
  induction d; intros k g v Hg; [simpl in *; subst; reflexivity|].
  destruct Hg as (g' & G1 & G2). exists (fun c => k * g' c). split.
  - intros c. apply (IHd k (fun x => g (c :: x))); auto.
  - exact (is_RInt_scal g' 0 1 k v G2).
Qed.

(** ** Boxes *)

(** 1 on the side s, 0 elsewhere. *)
Definition on_side (s : R * R) (c : R) : R :=
  if Rle_dec (fst s) c then if Rle_dec c (snd s) then 1 else 0 else 0.

(** 1 on the box b, 0 elsewhere. *)
Fixpoint on_box (b : list (R * R)) (x : list R) : R :=
  match b, x with
  | [], [] => 1
  | s :: b', c :: x' => on_side s c * on_box b' x'
  | _, _ => 0
  end.

Lemma on_box_nonneg : forall b x, 0 <= on_box b x.
Proof.
  induction b as [|s b IH]; intros [|c x]; simpl; try lra. apply Rmult_le_pos; [|apply IH].
  unfold on_side. repeat destruct (Rle_dec _ _); lra.
Qed.

Lemma on_box_inside : forall b x, in_box b x -> on_box b x = 1.
Proof.
  intros b x H. induction H as [|s c b x Hs _ IH]; [reflexivity|]. simpl. rewrite IH. unfold on_side.
  repeat destruct (Rle_dec _ _); lra.
Qed.

Lemma in_box_dec : forall b x, in_box b x \/ ~ in_box b x.
Proof.
  induction b as [|s b IH]; intros [|c x]; try (right; intros H; inversion H; fail); [left; constructor|].
  destruct (IH x) as [H|H]; [|right; intros H'; inversion H'; auto].
  destruct (Rle_dec (fst s) c), (Rle_dec c (snd s)); [left; constructor; auto| | |];
    right; intros H'; inversion H'; lra.
Qed.

(** The box lies in [0,1]^d. *)
Definition box_in_cube (b : list (R * R)) : Prop := Forall (fun s => 0 <= fst s <= snd s /\ snd s <= 1) b.

Lemma on_side_integral : forall s v, 0 <= fst s <= snd s -> snd s <= 1 ->
  is_RInt (fun c => on_side s c * v) 0 1 ((snd s - fst s) * v).
Proof.
  intros [a b] v. cbn [fst snd]. intros Ha Hb.
  assert (P : forall p q k, p <= q -> (forall c, p < c < q -> on_side (a, b) c * v = k) ->
    is_RInt (fun c => on_side (a, b) c * v) p q ((q - p) * k)).
  { intros p q k Hpq Hk. apply (is_RInt_ext (fun _ => k)).
    - intros c Hc. rewrite Rmin_left, Rmax_right in Hc by assumption. symmetry. apply Hk. assumption.
    - exact (@is_RInt_const R_NormedModule p q k). }
  replace ((b - a) * v) with ((a - 0) * 0 + ((b - a) * v + (1 - b) * 0)) by ring.
  apply (@is_RInt_Chasles R_NormedModule _ 0 a 1 ((a - 0) * 0) ((b - a) * v + (1 - b) * 0));
    [|apply (@is_RInt_Chasles R_NormedModule _ a b 1 ((b - a) * v) ((1 - b) * 0))]; apply P; try lra;
    intros c Hc; unfold on_side; cbn [fst snd]; repeat destruct (Rle_dec _ _); lra.
Qed.

Lemma on_box_integral : forall b, box_in_cube b -> is_integral (length b) (on_box b) (volume b).
Proof.
  induction 1 as [|s b [Hs1 Hs2] _ IH]; [reflexivity|]. cbn [length volume fold_right is_integral].
  fold (volume b). exists (fun c => on_side s c * volume b). split; [|apply on_side_integral; assumption].
  intros c. apply is_integral_scale. exact IH.
Qed.

(** ** A step function *)

(** The height [base], and [h] more for every box that x lies in. *)
Definition step_value (base h : R) (bs : list (list (R * R))) (x : list R) : R :=
  base + h * sum_over (fun b => on_box b x) bs.

Lemma step_integral : forall d base h bs, (forall b, In b bs -> length b = d /\ box_in_cube b) ->
  is_integral d (step_value base h bs) (base + h * total_volume bs).
Proof.
  intros d base h bs H. apply (is_integral_plus d (fun _ => base)); [apply is_integral_const|].
  apply is_integral_scale. induction bs as [|b bs IH].
  - apply (is_integral_const d 0).
  - apply (is_integral_plus d (on_box b)).
    + destruct (H b (in_eq _ _)) as [<- Hb]. apply on_box_integral. assumption.
    + apply IH. intros; apply H; right; assumption.
Qed.

Lemma sum_over_nonneg : forall A (w : A -> R) l, (forall a, 0 <= w a) -> 0 <= sum_over w l.
Proof. induction l as [|a l IH]; intros H; simpl; [lra|]. specialize (IH H). specialize (H a). lra. Qed.

(** x lies in none of the boxes, or is counted. *)
Lemma outside_or_counted : forall bs x, (forall b, In b bs -> ~ in_box b x) \/ 1 <= sum_over (fun b => on_box b x) bs.
Proof.
  intros bs x. induction bs as [|b bs IH]; [left; intros b []|]. cbn [sum_over fold_right].
  fold (sum_over (fun b => on_box b x) bs).
  pose proof (sum_over_nonneg _ (fun b => on_box b x) bs (fun b => on_box_nonneg b x)).
  destruct (in_box_dec b x) as [Hb|Hb].
  - right. rewrite (on_box_inside b x Hb). lra.
  - destruct IH as [IH|IH].
    + left. intros b' [->|H']; [assumption|apply IH; assumption].
    + right. pose proof (on_box_nonneg b x). lra.
Qed.

(** A function that is at most [base] outside the boxes, and at most base + h in the cube. *)
Lemma integral_at_most_step : forall d g base h bs, 0 <= h -> (forall b, In b bs -> length b = d /\ box_in_cube b) ->
  (forall x, cube d x -> (forall b, In b bs -> ~ in_box b x) -> g x <= base) ->
  (forall x, cube d x -> g x <= base + h) ->
  integral_at_most d g (base + h * total_volume bs).
Proof.
  intros d g base h bs Hh Hbs Hout Hin. exists (step_value base h bs). split; [|apply step_integral; assumption].
  intros x Hx. unfold step_value.
  pose proof (sum_over_nonneg _ (fun b => on_box b x) bs (fun b => on_box_nonneg b x)) as S0.
  destruct (outside_or_counted bs x) as [D|D].
  - specialize (Hout x Hx D). pose proof (Rmult_le_pos _ _ Hh S0). lra.
  - specialize (Hin x Hx). pose proof (Rmult_le_compat_l h _ _ Hh D). lra.
Qed.
