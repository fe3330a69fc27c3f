(** * Erosion: how much of the residual a complete sweep leaves

    A sweep is complete if no node of its grid has a larger safe step than the one it got. If the residual r before
    the sweep is K-Lipschitz for the gauge, then the residual r' after it is at most K h at the nodes and at most
    2 K h everywhere, h the mesh; and if r is linear on the triangulation of the sweep, at most K h everywhere.
    K is the constant of the residual before the sweep: for d >= 3 it may have grown since the target.
    Source: docs/multigrade.md, "The rate" (arXiv 2601.16884 has no rate). *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion.
Import ListNotations.
Local Open Scope R_scope.

(** [r] is K-Lipschitz for the gauge on the cube: on every Kuhn triangulation its slopes are at most [K]. *)
Definition lipschitz (d : nat) (K : R) (r : list R -> R) : Prop :=
  forall x y, cube d x -> cube d y -> Rabs (r x - r y) <= K * distance d x y.

(** [r] is linear on every simplex of the Kuhn triangulation of mesh 1/m: it is the combination of the hats with
    its values at the nodes. *)
Definition linear (d m : nat) (r : list R -> R) : Prop :=
  forall x, cube d x -> r x = total (nodes d m) (fun k => hat d m k x * r (point m k)).

(** The size of the step that the node [k] gets. *)
Definition step_at (gs : list (grade R)) (k : list Z) : R :=
  total gs (fun g => if list_eq_dec Z.eq_dec (node g) k then Rabs (step g) else 0).

(** A sweep in which no node has a larger safe step than the one it gets. *)
Definition complete_sweep (d m : nat) (r : list R -> R) (gs : list (grade R)) : Prop :=
  sweep d m r gs /\ forall k c, In k (nodes d m) -> safe d m r k c -> Rabs c <= step_at gs k.

(** ** The rate at a point *)

(** The amounts of a sweep, counted by nodes. *)
Lemma amount_by_nodes : forall d m r gs x, sweep d m r gs ->
  total gs (amount d x) = total (nodes d m) (fun k => hat d m k x * step_at gs k).
Proof.
  intros d m r gs x (Hm & _ & Hg).
  transitivity (total gs (fun g => total (nodes d m) (fun k =>
    hat d m k x * (if list_eq_dec Z.eq_dec (node g) k then Rabs (step g) else 0)))).
  - apply total_ext. intros g Hin. destruct (Hg g Hin) as (E & Hk & _).
    rewrite (total_single _ _ (node g)).
    + unfold amount. rewrite E. destruct (list_eq_dec Z.eq_dec (node g) (node g)); [ring|congruence].
    + apply nodes_once.
    + assumption.
    + intros k _ Hne. destruct (list_eq_dec Z.eq_dec (node g) k); [congruence|ring].
  - rewrite total_swap. apply total_ext. intros k _. rewrite total_scale. reflexivity.
Qed.

(** Some safe step at the node k is nearly as large as r is at x, up to the slope's way from x to k and on. *)
Lemma large_step : forall d m K r gs k x, complete_sweep d m r gs -> lipschitz d K r -> In k (nodes d m) ->
  0 <= K -> cube d x -> 0 < hat d m k x ->
  Rabs (r x) <= step_at gs k + K * (distance d x (point m k) + 1 / INR m).
Proof.
  intros d m K r gs k x [(Hm & _ & _) Hc] HK Hk HK0 Hx Hh.
  set (b := K * (distance d x (point m k) + 1 / INR m)).
  destruct (Rle_lt_dec (Rabs (r x)) (step_at gs k + b)) as [|Hbig]; [assumption|]. exfalso.
  set (c := Rabs (r x) - b).
  (* all of r on the support is within b of r x, so c, with the sign of r x, would be a larger safe step *)
  assert (H0 : 0 <= step_at gs k).
  { apply total_nonneg. intros g _. destruct list_eq_dec; [apply Rabs_pos|lra]. }
  assert (Near : forall y, cube d y -> 0 < hat d m k y -> Rabs (r x - r y) <= b).
  { intros y Hy Hy'. eapply Rle_trans; [apply HK; assumption|]. unfold b. apply Rmult_le_compat_l; [assumption|].
    pose proof (distance_triangle d x (point m k) y). pose proof (hat_distance d m k y Hm Hy') as [_ H2].
    rewrite (distance_sym d (point m k) y) in *. unfold Rdiv; lra. }
  destruct (Rle_dec 0 (r x)) as [Hp|Hn].
  - assert (S : safe d m r k c).
    { intros y Hy Hy'. specialize (Near y Hy Hy'). unfold c in *. rewrite (Rabs_right (r x)) in * by lra.
      apply Rabs_le_inv in Near. rewrite !Rabs_right by lra. split; [apply Rmult_le_pos|]; lra. }
    specialize (Hc k c Hk S). unfold c in *. rewrite (Rabs_right (_ - _)) in Hc by lra. lra.
  - assert (S : safe d m r k (- c)).
    { intros y Hy Hy'. specialize (Near y Hy Hy'). unfold c in *. rewrite (Rabs_left (r x)) in * by lra.
      apply Rabs_le_inv in Near. rewrite !Rabs_left by lra. split; [|lra].
      replace (- (- r x - b) * r y) with ((- r x - b) * - r y) by ring. apply Rmult_le_pos; lra. }
    specialize (Hc k (- c) Hk S). rewrite Rabs_Ropp in Hc. unfold c in *. rewrite (Rabs_right (_ - _)) in Hc by lra.
    lra.
Qed.

(** For every d, every mesh h = 1/m and every residual r that is K-Lipschitz for the gauge: after a complete sweep
    |r'(x)| <= K (h + the sum of psi_k(x) * gauge(x - k/m) over the nodes), at every point x of the cube. *)
Theorem rate_at_point : forall d m K r gs x, complete_sweep d m r gs -> lipschitz d K r -> 0 <= K -> cube d x ->
  Rabs (left_over d r gs x) <=
  K * (1 / INR m + total (nodes d m) (fun k => hat d m k x * distance d x (point m k))).
Proof.
  intros d m K r gs x Hc HK HK0 Hx. assert (Hs := proj1 Hc). assert (Hm := proj1 Hs).
  rewrite (proj1 (sweep_exact d m r gs x Hs Hx)), (amount_by_nodes d m r gs x Hs).
  pose proof (partition_of_unity d m x Hm Hx) as P.
  assert (H : total (nodes d m) (fun k => Rabs (r x) * hat d m k x) <=
    total (nodes d m) (fun k => hat d m k x * step_at gs k +
      (K * (1 / INR m) * hat d m k x + K * (hat d m k x * distance d x (point m k))))).
  { apply total_le. intros k Hk. pose proof (hat_range d m k x) as [[H|H] _]; [|rewrite <- H; lra].
    pose proof (large_step d m K r gs k x Hc HK Hk HK0 Hx H). nra. }
  rewrite !total_plus, !total_scale, P in H. lra.
Qed.

(** For every d, every mesh 1/m and every residual that is K-Lipschitz for the gauge: after a complete sweep the
    residual is at most K/m at every node of the sweep's grid. *)
Theorem rate_at_nodes : forall d m K r gs k, complete_sweep d m r gs -> lipschitz d K r -> 0 <= K ->
  In k (nodes d m) -> Rabs (left_over d r gs (point m k)) <= K / INR m.
Proof.
  intros d m K r gs k Hc HK HK0 Hk. assert (Hm := proj1 (proj1 Hc)).
  assert (Hl := proj1 (proj1 (nodes_spec d m k) Hk)).
  pose proof (rate_at_point d m K r gs (point m k) Hc HK HK0 (node_in_cube d m k Hm Hk)) as H.
  rewrite total_zero in H; [unfold Rdiv in *; rewrite Rplus_0_r, Rmult_1_l in H; exact H|].
  intros l Hl'. assert (Hll := proj1 (proj1 (nodes_spec d m l) Hl')).
  destruct (list_eq_dec Z.eq_dec l k) as [->|Hne].
  - replace (distance d (point m k) (point m k)) with 0; [ring|].
    unfold distance. rewrite (gauge_ext d _ (fun _ => 0 * 0)) by (intros; ring).
    destruct (gauge_norm d (fun _ => 0) (fun _ => 0) 0) as (_ & _ & E & _); [lra|]. rewrite E. ring.
  - destruct (hat_values d m l Hm Hll) as (_ & _ & E & _). rewrite E by congruence. ring.
Qed.

(** ** The rate everywhere *)

Lemma linear_bound : forall d m r b, (1 <= m)%nat -> linear d m r ->
  (forall k, In k (nodes d m) -> Rabs (r (point m k)) <= b) -> forall x, cube d x -> Rabs (r x) <= b.
Proof.
  intros d m r b Hm Hr Hb x Hx. rewrite Hr by assumption.
  eapply Rle_trans; [apply total_abs|].
  apply Rle_trans with (total (nodes d m) (fun k => b * hat d m k x)).
  - apply total_le. intros k Hk. rewrite Rabs_mult. pose proof (hat_range d m k x).
    rewrite (Rabs_right (hat _ _ _ _)) by lra. specialize (Hb k Hk). nra.
  - rewrite total_scale, partition_of_unity by assumption. lra.
Qed.

(** Hats are linear on their own triangulation. *)
Lemma hat_linear : forall d m k, (1 <= m)%nat -> In k (nodes d m) -> linear d m (hat d m k).
Proof.
  intros d m k Hm Hk x Hx. assert (Hl := proj1 (proj1 (nodes_spec d m k) Hk)).
  destruct (hat_values d m k Hm Hl) as (_ & E1 & E0 & _).
  rewrite (total_single _ _ k); [rewrite E1; ring|apply nodes_once|assumption|].
  intros l Hl' Hne. rewrite E0; [ring| |assumption]. apply (nodes_spec d m l); assumption.
Qed.

Lemma left_over_linear : forall d m r gs, sweep d m r gs -> linear d m r -> linear d m (left_over d r gs).
Proof.
  intros d m r gs (Hm & _ & Hg) Hr. clear -Hm Hr Hg.
  assert (H : forall gs, (forall g, In g gs -> cells g = m /\ In (node g) (nodes d m)) -> linear d m (grade_sum d gs)).
  { clear -Hm. induction gs as [|g gs IH]; intros Hg x Hx.
    - unfold grade_sum, total at 1; cbn [fold_right]. symmetry. apply total_zero. intros; unfold total; cbn; ring.
    - unfold grade_sum. rewrite total_cons. fold (grade_sum d gs x).
      destruct (Hg g (or_introl eq_refl)) as [E Hk].
      rewrite (IH (fun h Hh => Hg h (or_intror Hh)) x Hx), E, (hat_linear d m (node g) Hm Hk x Hx), <- total_scale,
        <- total_plus.
      apply total_ext. intros k _. rewrite total_cons, E. unfold grade_sum. ring. }
  intros x Hx. unfold left_over. rewrite (Hr x Hx),
    (H gs (fun g Hin => conj (proj1 (Hg g Hin)) (proj1 (proj2 (Hg g Hin)))) x Hx).
  rewrite (total_ext _ _ (fun k => hat d m k x * (_ - _)) (fun k => hat d m k x * r (point m k) + -1 * (hat d m k x *
    grade_sum d gs (point m k)))) by (intros; ring).
  rewrite total_plus, total_scale. ring.
Qed.

(** For every d and every mesh 1/m: if the residual is linear on the Kuhn triangulation of mesh 1/m and
    K-Lipschitz for the gauge, then after a complete sweep at this mesh it is at most K/m on the whole cube. *)
Theorem rate_linear : forall d m K r gs, complete_sweep d m r gs -> linear d m r -> lipschitz d K r -> 0 <= K ->
  forall x, cube d x -> Rabs (left_over d r gs x) <= K / INR m.
Proof.
  intros d m K r gs Hc Hr HK HK0. assert (Hm := proj1 (proj1 Hc)).
  apply (linear_bound d m); [assumption|apply left_over_linear; [apply Hc|assumption]|].
  intros k Hk. apply rate_at_nodes; assumption.
Qed.

(** For every d, every mesh 1/m and every residual, linear or not, that is K-Lipschitz for the gauge: after a
    complete sweep it is at most 2 K/m on the whole cube. *)
Theorem rate_anywhere : forall d m K r gs, complete_sweep d m r gs -> lipschitz d K r -> 0 <= K ->
  forall x, cube d x -> Rabs (left_over d r gs x) <= 2 * K / INR m.
Proof.
  intros d m K r gs Hc HK HK0 x Hx. assert (Hm := proj1 (proj1 Hc)).
  eapply Rle_trans; [apply rate_at_point; eassumption|].
  assert (Hi : 0 < / INR m) by (apply Rinv_0_lt_compat, lt_0_INR; lia).
  assert (H : total (nodes d m) (fun k => hat d m k x * distance d x (point m k)) <= 1 / INR m).
  { apply Rle_trans with (total (nodes d m) (fun k => 1 / INR m * hat d m k x)).
    - apply total_le. intros k Hk. pose proof (hat_range d m k x) as [[H|H] _]; [|rewrite <- H; lra].
      pose proof (proj2 (hat_distance d m k x Hm H)). unfold Rdiv. nra.
    - rewrite total_scale, partition_of_unity by assumption. lra. }
  unfold Rdiv in *. nra.
Qed.
